import type { TaskRepository } from '../../../src/application/ports/task-repository.ts';
import type { ReadListVersion } from '../../../src/application/ports/list-version.ts';
import type { Observer } from '../../../src/application/ports/observer.ts';
import {
  cachedTaskRepository,
  type CachedTaskRepository,
} from '../../../src/infrastructure/cache/cached-task-repository.ts';
import { aQuery } from './tasks.ts';

/** The version of a user's lists, from the store itself. */
export const listVersionsOf =
  (tasks: TaskRepository): ReadListVersion =>
  async (user) => ({ server: 'memory', revision: (await tasks.list(user, aQuery({ limit: 1 }))).revision });

interface Options {
  readonly maxUsers?: number;
  readonly observe?: Observer;
  readonly readVersion?: ReadListVersion;
}

/** A cache over a store, large enough for all users of a test unless `maxUsers` is given. */
export const cachedOver = (store: TaskRepository, options: Options = {}): CachedTaskRepository => {
  const { maxUsers = 1000, observe = () => undefined, readVersion = listVersionsOf(store) } = options;
  return cachedTaskRepository(store, readVersion, maxUsers, observe);
};
