import type { ReadListVersion } from '../../application/ports/list-version.ts';
import type { Observer } from '../../application/ports/observer.ts';
import type { TaskPage, TaskRepository } from '../../application/ports/task-repository.ts';
import { singleFlight } from './single-flight.ts';
import { bytesOf } from './user-cache-entry.ts';
import { createUserCache } from './user-cache.ts';

export interface CachedTaskRepository extends TaskRepository {
  /** Removes everything: for a store that may have lost writes, and so may repeat revisions. */
  clear(): void;
}

/** A frontend uses a handful of queries; a client that sends many different ones must not fill the memory. */
const maxPages = 6;

const hit = { type: 'cache', outcome: 'hit' } as const;
const miss = { type: 'cache', outcome: 'miss' } as const;
const passed = { type: 'cache', outcome: 'passed' } as const;

/**
 * Keeps first pages of lists, and is never stale, however many instances write: each read gets the current version of
 * the user's lists from the store, and only what was read in this version counts. Single tasks are not kept: to find one
 * takes the store no longer than to read the version.
 */
export const cachedTaskRepository = (
  inner: TaskRepository,
  readVersion: ReadListVersion,
  maxUsers: number,
  observe: Observer,
): CachedTaskRepository => {
  const users = createUserCache(maxUsers);

  return {
    add: (user, task) => inner.add(user, task),
    change: (user, id, change, at, expected) => inner.change(user, id, change, at, expected),
    remove: (user, id, at, expected) => inner.remove(user, id, at, expected),
    find: (user, id) => inner.find(user, id),
    once: (request) => inner.once(request),

    list: async (user, query) => {
      const { selection, limit, after, offset, count } = query;
      if (after !== null || offset > 0) {
        observe(passed);
        return inner.list(user, query);
      }
      const entry = users.open(user, await readVersion(user));
      const key = `${selection.key} ${limit} ${count}`;
      observe(entry.pages.has(key) ? hit : miss);
      return singleFlight(entry.pages, maxPages, key, {
        read: () => inner.list(user, query),
        shouldKeep: (page) => {
          // Another revision: a write came between, or the store has gone back since the version was read.
          if (page.revision !== entry.version.revision) return false;
          freeze(page);
          users.countPage(user, entry, key, key.length + bytesOf(page.tasks));
          return true;
        },
      });
    },

    clear: () => users.clear(),
  };
};

/** One object is returned to all callers. */
const freeze = (page: TaskPage): void => {
  for (const task of page.tasks) {
    Object.freeze(task.tags);
    Object.freeze(task);
  }
  Object.freeze(page.tasks);
  if (page.next !== null) Object.freeze(page.next);
  Object.freeze(page);
};
