import { memoryTaskRepository } from '../../src/infrastructure/memory/task-repository.ts';
import { postgresRepository } from '../support/postgres-repository.ts';
import { taskRepositoryContract } from './task-repository.ts';

taskRepositoryContract('memory', () =>
  Promise.resolve({ tasks: memoryTaskRepository(), close: () => Promise.resolve() }),
);
taskRepositoryContract('PostgreSQL', () => postgresRepository());
taskRepositoryContract('PostgreSQL without prepared statements', () =>
  postgresRepository({ preparedStatements: false }),
);
