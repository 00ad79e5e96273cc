import { expect } from 'chai';
import { memoryTaskRepository } from '../../src/infrastructure/memory/task-repository.ts';
import { readListVersions } from '../../src/infrastructure/postgres/users/read-list-versions.ts';
import { cachedOver } from '../support/tasks/cache.ts';
import { postgresRepository } from '../support/postgres/postgres-repository.ts';
import { withConcurrentWrites } from '../support/postgres/with-concurrent-writes.ts';
import { anOwner, aTask, instant } from '../support/tasks/tasks.ts';
import { trashContract } from './trash.ts';

const inMemory = (options = {}) => {
  const tasks = memoryTaskRepository(options);
  return Promise.resolve({ tasks, trash: tasks.trash, close: () => Promise.resolve() });
};

trashContract('memory', inMemory);
trashContract('PostgreSQL', () => postgresRepository());
trashContract('PostgreSQL without prepared statements', () =>
  postgresRepository({ preparedStatements: false }),
);
trashContract('PostgreSQL, with concurrent writes', async () => {
  const subject = await postgresRepository();
  return { ...subject, tasks: await withConcurrentWrites(subject.tasks) };
});

trashContract('a cache over memory', async () => {
  const memory = await inMemory();
  return { ...memory, tasks: cachedOver(memory.tasks) };
});

trashContract('a cache over PostgreSQL', async () => {
  const subject = await postgresRepository();
  const tasks = cachedOver(subject.tasks, { readVersion: readListVersions(subject.database) });
  return { ...subject, tasks };
});

describe('a store without a trash', () => {
  for (const [name, makeStore] of [
    ['memory', () => inMemory({ hasTrash: false })],
    ['PostgreSQL', () => postgresRepository({}, { hasTrash: false })],
  ] as const)
    it(`given a deleted task (${name}): not in the trash, and cannot be restored`, async () => {
      const store = await makeStore();
      const { tasks, trash } = store;
      try {
        const user = anOwner();
        const { id } = await tasks.add(user, aTask());
        expect(await tasks.remove(user, id, instant(1))).to.deep.equal({ outcome: 'removed' });
        expect(await trash.list(user.id, { limit: 10, before: null })).to.deep.equal({
          tasks: [],
          next: null,
        });
        expect(await trash.restore(user, id, instant(2))).to.deep.equal({ outcome: 'missing' });
        expect(await tasks.remove(user, id, instant(1))).to.deep.equal({ outcome: 'missing' });
      } finally {
        await store.close();
      }
    });
});
