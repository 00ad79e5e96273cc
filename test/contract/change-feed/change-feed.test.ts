import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { postgresChangeFeed } from '../../../src/infrastructure/postgres/tasks/changes/change-feed.ts';
import { postgresRepository } from '../../support/postgres/postgres-repository.ts';
import { changeFeedContract } from './change-feed.ts';

changeFeedContract('memory', () => {
  const store = memoryTaskRepository();
  return Promise.resolve({ tasks: store, feed: store, close: () => Promise.resolve() });
});

const onPostgres = (name: string, options?: { readonly preparedStatements: boolean }): void =>
  changeFeedContract(name, async () => {
    const repository = await postgresRepository(options);
    const feed = postgresChangeFeed(repository.database);
    return { tasks: repository.tasks, feed, close: () => repository.close() };
  });
onPostgres('PostgreSQL');
onPostgres('PostgreSQL without prepared statements', { preparedStatements: false });
