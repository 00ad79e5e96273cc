import type { Revision, Task, TaskId } from '../../domain/task.ts';
import type { UserId } from '../../domain/user.ts';

/** A task that changed, with the revision of its last change. */
export interface Change {
  readonly revision: Revision;
  readonly id: TaskId;
  /** The task as it is; null where it is in the trash or gone for good. */
  readonly task: Task | null;
}

/** Changes and the counter, from one snapshot. */
export interface ChangesPage {
  /** Each task once, in ascending order of revision. */
  readonly changes: readonly Change[];
  /** Whether there are more changes after the last one. */
  readonly hasMore: boolean;
  /** The user's counter at the moment the changes were read; 0 before the first write. */
  readonly revision: Revision;
  /** Before this revision, tasks that are gone for good may be missing: their tombstones have expired. */
  readonly completeFrom: Revision;
}

/** Reads what changed after a revision. Rejects with `unavailable` and `overloaded` as a `TaskRepository` does. */
export interface ChangeFeed {
  /** At most `limit` changes (1 to 1000) with a revision above `since`. */
  after(user: UserId, since: Revision, limit: number): Promise<ChangesPage>;
}
