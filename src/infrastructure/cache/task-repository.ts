import type { Observer } from '../../application/ports/observer.ts';
import type { TaskRepository } from '../../application/ports/task-repository.ts';
import type { UserId } from '../../domain/owner.ts';
import type { Shelf } from './shelf.ts';
import { createShelves, type CacheOptions } from './shelves.ts';
import { createUnsettled, type DoubtOptions } from './unsettled.ts';

/**
 * A cache for the one instance that writes to its database: it is exact. A write lets its owner's shelf go before
 * it begins, and until it is over everybody reads past the cache. So no state from before a write is ever kept
 * behind it: not that of a read that was under way, and not after a write that failed or whose end nobody knows.
 *
 * Only first pages are kept; whoever goes on to the next ones seldom comes back.
 */
export const cachedTaskRepository = (
  inner: TaskRepository,
  options: CacheOptions & DoubtOptions,
  observe: Observer,
): TaskRepository => {
  const unsettled = createUnsettled(options);
  const shelves = createShelves(inner, options, observe, unsettled.failed);

  const reach = (owner: UserId): Shelf | null => (unsettled.has(owner) ? null : shelves.open(owner, null));

  const past = <Result>(read: Promise<Result>): Promise<Result> => {
    observe(passed);
    read.catch(unsettled.failed);
    return read;
  };

  const write = <Result>(owner: UserId, work: () => Promise<Result>): Promise<Result> => {
    shelves.drop(owner);
    return unsettled.during(owner, work);
  };

  return {
    add: (owner, task) => write(owner.id, () => inner.add(owner, task)),

    find: (owner, id) => {
      const shelf = reach(owner);
      return shelf === null ? past(inner.find(owner, id)) : shelves.task(shelf, owner, id);
    },

    list: (owner, query) => {
      const shelf = query.after === null ? reach(owner) : null;
      return shelf === null ? past(inner.list(owner, query)) : shelves.page(shelf, owner, query);
    },

    change: (owner, id, change, at, expected) =>
      write(owner.id, () => inner.change(owner, id, change, at, expected)),

    remove: (owner, id, expected) => write(owner.id, () => inner.remove(owner, id, expected)),
  };
};

const passed = { type: 'cache', outcome: 'passed' } as const;
