import type { Observer } from '../../application/ports/observer.ts';
import type { TaskRepository } from '../../application/ports/task-repository.ts';
import type { UserId } from '../../domain/owner.ts';
import type { Revision } from '../../domain/task.ts';
import { createShelves, type CacheOptions } from './shelves.ts';

/** The owner's counter, 0 before the first write, as it is at a moment after the call. */
export type ReadGeneration = (owner: UserId) => Promise<Revision>;

/**
 * A cache for one of several instances on one database: it is exact too. Before anything kept is given out, the
 * owner's counter is asked for, and only what was read under the same value counts. Every write of whatever instance
 * moves the counter in the same atomic step, so there is nothing that a writer would have to tell, or could fail to.
 *
 * What is read under a generation is at least as new as that generation; were it newer, the counter would have moved,
 * and nobody would be given it again.
 */
export const sharedCachedTaskRepository = (
  inner: TaskRepository,
  generationOf: ReadGeneration,
  options: CacheOptions,
  observe: Observer,
): TaskRepository => {
  const shelves = createShelves(inner, options, observe);

  return {
    add: (owner, task) => inner.add(owner, task),
    change: (owner, id, change, at, expected) => inner.change(owner, id, change, at, expected),
    remove: (owner, id, expected) => inner.remove(owner, id, expected),

    find: async (owner, id) => shelves.task(shelves.open(owner, await generationOf(owner)), owner, id),

    list: async (owner, { status, limit, after }) => {
      if (after === null) {
        const shelf = shelves.open(owner, await generationOf(owner));
        return shelves.page(shelf, owner, { status, limit, after });
      }
      observe(passed);
      return inner.list(owner, { status, limit, after });
    },
  };
};

const passed = { type: 'cache', outcome: 'passed' } as const;
