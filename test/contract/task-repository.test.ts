import { memoryRepository } from '../support/tasks/repositories/memory-repository.ts';
import { withConcurrentWrites } from '../support/postgres/with-concurrent-writes.ts';
import { postgresRepository } from '../support/postgres/postgres-repository.ts';
import { taskRepositoryContract } from './task-repository.ts';

taskRepositoryContract('memory', () => Promise.resolve(memoryRepository()));
taskRepositoryContract('PostgreSQL', () => postgresRepository());
taskRepositoryContract('PostgreSQL without prepared statements', () =>
  postgresRepository({ preparedStatements: false }),
);
taskRepositoryContract('PostgreSQL, with concurrent writes', async () => {
  const subject = await postgresRepository();
  return { ...subject, tasks: await withConcurrentWrites(subject.tasks) };
});
