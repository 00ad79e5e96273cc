import { memoryTaskRepository } from '../../src/infrastructure/memory/task-repository.ts';
import { postgresUserReader } from '../../src/infrastructure/postgres/users/user-reader.ts';
import { postgresRepository } from '../support/postgres/postgres-repository.ts';
import { userReaderContract } from './user-reader.ts';

userReaderContract('memory', () => {
  const store = memoryTaskRepository();
  return Promise.resolve({ tasks: store, owners: store, close: () => Promise.resolve() });
});

const onPostgres = (name: string, options?: { readonly preparedStatements: boolean }): void =>
  userReaderContract(name, async () => {
    const repository = await postgresRepository(options);
    const owners = postgresUserReader(repository.database);
    return { tasks: repository.tasks, owners, close: () => repository.close() };
  });
onPostgres('PostgreSQL');
onPostgres('PostgreSQL without prepared statements', { preparedStatements: false });
