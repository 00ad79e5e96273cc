import { LRUCache } from 'lru-cache';
import type { TaskPage, TaskQuery, TaskRepository } from '../../application/ports/task-repository.ts';
import type { Observer } from '../../application/ports/observer.ts';
import type { UserId } from '../../domain/owner.ts';
import type { Revision, Task, TaskId } from '../../domain/task.ts';
import { readOnce, type Outcome } from './once.ts';
import { bytesOf, createShelf, type Shelf } from './shelf.ts';

export interface CacheOptions {
  /** How many owners are kept at most; together they take 14.5 kB for each, whatever the sizes of their lists. */
  readonly maxOwners: number;
  /** How long anything is kept at most. */
  readonly ttlMilliseconds: number;
}

/** The shelves of all owners, within bounds: the one not used for longest goes first. */
export interface Shelves {
  /** The owner's shelf of this generation; a new one takes the place of another. */
  open(owner: UserId, generation: Revision | null): Shelf;
  drop(owner: UserId): void;
  page(shelf: Shelf, owner: UserId, query: TaskQuery): Promise<TaskPage>;
  task(shelf: Shelf, owner: UserId, id: TaskId): Promise<Task | null>;
}

// Lists of 20 ordinary tasks for all owners, decoded and encoded, and all that holds them together: 10,000 owners take
// 130 MB.
const bytesPerOwner = 14_500;
/** A list of two thousand ordinary tasks: no single owner takes the room of a hundred others. */
const maxBytesOfAnOwner = 1_450_000;
/** A frontend asks for a handful of queries; whoever asks for many shall not fill the memory with them. */
const maxPages = 6;
const maxTasks = 100;

const hit = { type: 'cache', outcome: 'hit' } as const;
const miss = { type: 'cache', outcome: 'miss' } as const;

export const createShelves = (
  inner: TaskRepository,
  { maxOwners, ttlMilliseconds }: CacheOptions,
  observe: Observer,
  failed: (error: unknown) => void = () => undefined,
): Shelves => {
  const shelves = new LRUCache<UserId, Shelf>({
    max: maxOwners,
    maxSize: maxOwners * bytesPerOwner,
    maxEntrySize: Math.min(maxOwners * bytesPerOwner, maxBytesOfAnOwner),
    ttl: ttlMilliseconds,
    ttlResolution: 100,
  });

  /** The cache takes a size when something is put in, so that what has grown is put in again. */
  const grow = (owner: UserId, shelf: Shelf, bytes: number): void => {
    shelf.bytes += bytes;
    if (shelves.peek(owner) !== shelf) return;
    const ttl = shelves.getRemainingTTL(owner);
    shelves.delete(owner);
    if (ttl > 0) shelves.set(owner, shelf, { ttl, size: shelf.bytes });
  };

  return {
    open: (owner, generation) => {
      const known = shelves.get(owner);
      if (known?.generation === generation) return known;
      const shelf = createShelf(generation);
      shelves.set(owner, shelf, { size: shelf.bytes });
      return shelf;
    },

    drop: (owner) => void shelves.delete(owner),

    page: (shelf, owner, query) => {
      const name = `${query.status} ${query.limit}`;
      const known = shelf.pages.get(name);
      if (known !== undefined) {
        observe(hit);
        return known;
      }
      observe(miss);
      const outcome: Outcome<TaskPage> = {
        done: (page) => {
          freeze(page);
          shelf.listed = page.tasks;
          grow(owner, shelf, bytesOf(page.tasks));
          return true;
        },
        failed,
      };
      return readOnce(shelf.pages, maxPages, name, inner.list(owner, query), outcome);
    },

    task: (shelf, owner, id) => {
      const known = shelf.tasks.get(id);
      if (known !== undefined) {
        observe(hit);
        return known;
      }
      const listed = shelf.listed.find((task) => task.id === id);
      observe(listed === undefined ? miss : hit);
      const outcome: Outcome<Task | null> = {
        done: (task) => {
          if (task === null) return false;
          grow(owner, shelf, bytesOf([Object.freeze(task)]));
          return true;
        },
        failed,
      };
      const read = listed === undefined ? inner.find(owner, id) : Promise.resolve(listed);
      return readOnce(shelf.tasks, maxTasks, id, read, outcome);
    },
  };
};

/** It is given to everybody who asks. */
const freeze = (page: TaskPage): void => {
  for (const task of page.tasks) Object.freeze(task);
  Object.freeze(page.tasks);
  if (page.next !== null) Object.freeze(page.next);
  Object.freeze(page);
};
