import { cachedTaskRepository } from '../../src/infrastructure/cache/task-repository.ts';
import { sharedCachedTaskRepository } from '../../src/infrastructure/cache/shared-task-repository.ts';
import { memoryTaskRepository } from '../../src/infrastructure/memory/task-repository.ts';
import { ownerRevisions } from '../../src/infrastructure/postgres/owner-revisions.ts';
import type { TaskRepository } from '../../src/application/ports/task-repository.ts';
import { cacheOptions, generationsOf } from '../support/cache.ts';
import { openDatabase, postgresRepository } from '../support/postgres-repository.ts';
import { postgresTaskRepository } from '../../src/infrastructure/postgres/task-repository.ts';
import { taskRepositoryContract } from './task-repository.ts';

const unnoticed = () => undefined;
const nothingToClose = () => Promise.resolve();

taskRepositoryContract('a cache over memory', () => {
  const tasks = cachedTaskRepository(memoryTaskRepository(), cacheOptions(), unnoticed);
  return Promise.resolve({ tasks, close: nothingToClose });
});

taskRepositoryContract('a cache over memory with room for one owner', () => {
  const tasks = cachedTaskRepository(memoryTaskRepository(), cacheOptions({ maxOwners: 1 }), unnoticed);
  return Promise.resolve({ tasks, close: nothingToClose });
});

taskRepositoryContract('a cache over PostgreSQL', async () => {
  const repository = await postgresRepository();
  const tasks = cachedTaskRepository(repository.tasks, cacheOptions(), unnoticed);
  return { tasks, close: () => repository.close() };
});

taskRepositoryContract('two shared caches over memory, in turns', () => {
  const memory = memoryTaskRepository();
  const one = () => sharedCachedTaskRepository(memory, generationsOf(memory), cacheOptions(), unnoticed);
  return Promise.resolve({ tasks: inTurns(one(), one()), close: nothingToClose });
});

taskRepositoryContract(
  'two shared caches over one PostgreSQL, written through one and read through the other',
  async () => {
    const repository = await postgresRepository();
    const { tasks, database, url } = repository;
    const another = openDatabase(url);
    const [writer, reader] = [
      sharedCachedTaskRepository(tasks, ownerRevisions(database), cacheOptions(), unnoticed),
      sharedCachedTaskRepository(
        postgresTaskRepository(another),
        ownerRevisions(another),
        cacheOptions(),
        unnoticed,
      ),
    ];
    return {
      tasks: writtenAndRead(writer, reader),
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
    find: (...args) => turn().find(...args),
    list: (...args) => turn().list(...args),
  };
};
