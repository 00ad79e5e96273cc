import { memoryTaskRepository } from '../../src/infrastructure/memory/task-repository.ts';
import { postgresOwnerReader } from '../../src/infrastructure/postgres/owner-reader.ts';
import { postgresRepository } from '../support/postgres-repository.ts';
import { ownerReaderContract } from './owner-reader.ts';

ownerReaderContract('memory', () => {
  const store = memoryTaskRepository();
  return Promise.resolve({ tasks: store, owners: store, close: () => Promise.resolve() });
});
for (const preparedStatements of [true, false])
  ownerReaderContract(
    `PostgreSQL ${preparedStatements ? 'with' : 'without'} prepared statements`,
    async () => {
      const repository = await postgresRepository({ preparedStatements });
      const owners = postgresOwnerReader(repository.database);
      return { tasks: repository.tasks, owners, close: () => repository.close() };
    },
  );
