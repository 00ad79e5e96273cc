import { memoryTaskRepository } from '../../src/infrastructure/memory/task-repository.ts';
import { postgresChangeFeed } from '../../src/infrastructure/postgres/tasks/changes/change-feed.ts';
import { postgresUserStore } from '../../src/infrastructure/postgres/users/user-store.ts';
import { postgresRepository } from '../support/postgres/postgres-repository.ts';
import { userStoreContract } from './user-store.ts';

userStoreContract('memory', () => {
  const store = memoryTaskRepository();
  return Promise.resolve({ tasks: store, owners: store, feed: store, close: () => Promise.resolve() });
});

const onPostgres = (name: string, options?: { readonly preparedStatements: boolean }): void =>
  userStoreContract(name, async () => {
    const repository = await postgresRepository(options);
    const owners = postgresUserStore(repository.database);
    const feed = postgresChangeFeed(repository.database);
    return { tasks: repository.tasks, owners, feed, close: () => repository.close() };
  });
onPostgres('PostgreSQL');
onPostgres('PostgreSQL without prepared statements', { preparedStatements: false });
