import { memoryTaskRepository } from '../../src/infrastructure/memory/task-repository.ts';
import { postgresOwnerReader } from '../../src/infrastructure/postgres/owner-reader.ts';
import { postgresRepository } from '../support/postgres-repository.ts';
import { ownerReaderContract } from './owner-reader.ts';

ownerReaderContract('memory', () => {
  const store = memoryTaskRepository();
  return Promise.resolve({ tasks: store, owners: store, close: () => Promise.resolve() });
});

const onPostgres = (name: string, options?: { readonly preparedStatements: boolean }): void =>
  ownerReaderContract(name, async () => {
    const repository = await postgresRepository(options);
    const owners = postgresOwnerReader(repository.database);
    return { tasks: repository.tasks, owners, close: () => repository.close() };
  });
onPostgres('PostgreSQL');
onPostgres('PostgreSQL without prepared statements', { preparedStatements: false });
