import { postgresTaskRepository } from '../../src/infrastructure/postgres/tasks/task-repository.ts';
import { readListVersions } from '../../src/infrastructure/postgres/users/read-list-versions.ts';
import type { Database } from '../../src/infrastructure/postgres/client/database.ts';
import type { TaskRepository } from '../../src/application/ports/task-repository.ts';
import { memoryRepository } from '../support/tasks/repositories/memory-repository.ts';
import { cachedOver } from '../support/tasks/cache.ts';
import { openDatabase, postgresRepository } from '../support/postgres/postgres-repository.ts';
import { taskRepositoryContract } from './task-repository.ts';

const cachedDatabase = (database: Database): TaskRepository =>
  cachedOver(postgresTaskRepository(database), { readVersion: readListVersions(database) });

taskRepositoryContract('a cache over memory', () => {
  const memory = memoryRepository();
  return Promise.resolve({ ...memory, tasks: cachedOver(memory.tasks) });
});

taskRepositoryContract('a cache over memory with room for one user', () => {
  const memory = memoryRepository();
  return Promise.resolve({ ...memory, tasks: cachedOver(memory.tasks, { maxUsers: 1 }) });
});

taskRepositoryContract('two caches over one memory, in turns', () => {
  const memory = memoryRepository();
  return Promise.resolve({ ...memory, tasks: inTurns(cachedOver(memory.tasks), cachedOver(memory.tasks)) });
});

taskRepositoryContract(
  'two caches over one PostgreSQL, written through one and read through the other',
  async () => {
    const repository = await postgresRepository();
    const another = openDatabase(repository.url);
    return {
      ...repository,
      tasks: writtenAndRead(cachedDatabase(repository.database), cachedDatabase(another)),
      close: async () => {
        await another[Symbol.asyncDispose]();
        await repository.close();
      },
    };
  },
);

const writtenAndRead = (writer: TaskRepository, reader: TaskRepository): TaskRepository => ({
  add: (...args) => writer.add(...args),
  change: (...args) => writer.change(...args),
  remove: (...args) => writer.remove(...args),
  once: (...args) => writer.once(...args),
  find: (...args) => reader.find(...args),
  list: (...args) => reader.list(...args),
});

const inTurns = (one: TaskRepository, other: TaskRepository): TaskRepository => {
  let [current, next] = [one, other];
  const turn = (): TaskRepository => {
    [current, next] = [next, current];
    return current;
  };
  return {
    add: (...args) => turn().add(...args),
    change: (...args) => turn().change(...args),
    remove: (...args) => turn().remove(...args),
    once: (...args) => turn().once(...args),
    find: (...args) => turn().find(...args),
    list: (...args) => turn().list(...args),
  };
};
