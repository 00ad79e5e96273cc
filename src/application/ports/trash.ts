import type { Instant } from '../../domain/instant.ts';
import type { Revision, TaskId, TrashedTask } from '../../domain/task.ts';
import type { User, UserId } from '../../domain/user.ts';
import type { ExpectedRevisions, RestoreResult } from './task-repository.ts';

/** Selects one page of a trash. */
export interface TrashQuery {
  /** The most tasks to return; 1 to 1000. */
  readonly limit: number;
  /** Only tasks that were deleted before the one with this revision; null for the first page. */
  readonly before: Revision | null;
}

/** A page of a trash, latest deletion first. */
export interface TrashPage {
  readonly tasks: readonly TrashedTask[];
  /** The `before` of the next page; null on the last page. */
  readonly next: Revision | null;
}

/**
 * The deleted tasks of all users, on the store of the `TaskRepository`, whose `remove` fills it; no other method there finds them.
 * The user is the first parameter of every method; a task of another user is missing.
 *
 * What is purged, or has been in the trash for too long, is gone for good. Neither takes a revision. All methods reject as those of
 * `TaskRepository` do.
 */
export interface Trash {
  /** One page. No tasks for a user without writes. */
  list(user: UserId, query: TrashQuery): Promise<TrashPage>;
  /**
   * Moves the task back as it was, with the next revision, if its revision in the trash is expected. `updatedAt` never goes back:
   * it becomes `at`, or stays where it is ahead of `at`.
   */
  restore(user: User, id: TaskId, at: Instant, expected?: ExpectedRevisions): Promise<RestoreResult>;
  /** Deletes the task for good; false where this user has none with this id in the trash. */
  purge(user: UserId, id: TaskId): Promise<boolean>;
  /** Deletes all tasks for good that are in the trash when it is called. */
  purgeAll(user: UserId): Promise<void>;
}
