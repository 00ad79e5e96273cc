import type { TaskRepository } from '../../src/application/ports/task-repository.ts';
import type { ReadGeneration } from '../../src/infrastructure/cache/shared-task-repository.ts';
import type { CacheOptions } from '../../src/infrastructure/cache/shelves.ts';
import type { DoubtOptions } from '../../src/infrastructure/cache/unsettled.ts';
import { aQuery } from './tasks.ts';

/** Room for everybody, for long, unless it is said otherwise. */
export const cacheOptions = (
  overrides: Partial<CacheOptions & DoubtOptions> = {},
): CacheOptions & DoubtOptions => ({
  maxOwners: 1000,
  ttlMilliseconds: 60_000,
  doubtMilliseconds: 10_000,
  ...overrides,
});

/** An owner's counter from the store itself. */
export const generationsOf =
  (tasks: TaskRepository): ReadGeneration =>
  async (owner) =>
    (await tasks.list(owner, aQuery({ limit: 1 }))).revision;
