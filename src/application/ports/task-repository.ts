import type { KeyedRequest } from '../../domain/idempotency/keyed-request.ts';
import type { User, UserId } from '../../domain/user.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Revision, Task, TaskChange, TaskDraft, TaskId, TrashedTask } from '../../domain/task.ts';
import type { TaskSelection } from '../../domain/task-list.ts';
import type { Position } from '../../domain/task-order.ts';

/** A task to insert; the repository adds the owner and the revision. */
export interface NewTask extends TaskDraft {
  readonly id: TaskId;
  readonly createdAt: Instant;
}

/** Selects one page of a list. */
export interface TaskQuery {
  readonly selection: TaskSelection;
  /** The most tasks to return; 1 to 1000. */
  readonly limit: number;
  /** Only tasks behind this position; null for the first page. */
  readonly after: Position | null;
  /** How many tasks to pass over, from `after` on; 0 to 100,000,000. */
  readonly offset: number;
  /** Whether to count all tasks of the selection. */
  readonly count: boolean;
}

/** A page of a list, in the order of its selection. */
export interface TaskPage {
  readonly tasks: readonly Task[];
  /** The position to go on from; null on the last page. */
  readonly next: Position | null;
  /** The number of all tasks of the selection, whatever the page; null where it was not requested. */
  readonly total: number | null;
  /** The user's counter at the moment the tasks were read: the same revision, the same tasks. */
  readonly revision: Revision;
}

/** The revisions that a write may replace. An empty list matches none; undefined matches every revision. */
export type ExpectedRevisions = readonly Revision[];

/** Nothing was written: there is no such task, or it has another revision than expected; `current` is the task as it is. */
type NotWritten<Current extends Task = Task> =
  { readonly outcome: 'missing' } | { readonly outcome: 'mismatch'; readonly current: Current };

/** `isReplay`: an earlier request with the same key has done this, see {@link KeyedWrites}. Absent otherwise. */
interface Replayable {
  readonly isReplay?: true;
}

/** The task as it is after the change, or why nothing was written. */
export type ChangeResult = (Replayable & { readonly outcome: 'changed'; readonly task: Task }) | NotWritten;

/** The task as it was added. */
export interface AddResult extends Replayable {
  readonly task: Task;
}

/** The task as it is after the restoration, or why nothing was written; `current` is the task in the trash. */
export type RestoreResult =
  (Replayable & { readonly outcome: 'restored'; readonly task: Task }) | NotWritten<TrashedTask>;

/** Whether the task was removed, or why nothing was written. */
export type RemoveResult = (Replayable & { readonly outcome: 'removed' }) | NotWritten;

/**
 * Stores the tasks of all users. The user is the first parameter of every method; a task of another user is missing.
 *
 * Every write takes the next value of the user's counter in the same atomic step, stamps the task with it, and
 * stores the user's email and display name where the token has them. A write that finds nothing, or another
 * revision than expected, takes none, unless it lost a race. Revisions grow in commit order: a reader that has
 * seen N never sees a task appear later with N or less.
 *
 * All methods reject with `unavailable` while the store cannot be reached, and with `overloaded` where too many calls wait
 * for it; in both cases nothing was done. A write rejects with `outcome_unknown` where it was sent and its result was lost: it
 * may have been done, or may still be done.
 */
export interface TaskRepository {
  /** Inserts the task and returns it as stored, with its owner and revision. */
  add(user: User, task: NewTask): Promise<Task>;
  /** The task; null where this user has none with this id. */
  find(user: UserId, id: TaskId): Promise<Task | null>;
  /** One page; tasks and revision are of the same moment. No tasks and revision 0 for a user without writes. */
  list(user: UserId, query: TaskQuery): Promise<TaskPage>;
  /** Changes the task if its revision is expected. `updatedAt` never goes back: it becomes `at`, or stays where it is ahead of `at`. */
  change(
    user: User,
    id: TaskId,
    change: TaskChange,
    at: Instant,
    expected?: ExpectedRevisions,
  ): Promise<ChangeResult>;
  /**
   * Moves the task into the user's `Trash`, or deletes it for good where there is none, if its revision is expected. `at` is now;
   * a store with a clock of its own, by which the trash expires, takes that for `deletedAt`.
   */
  remove(user: User, id: TaskId, at: Instant, expected?: ExpectedRevisions): Promise<RemoveResult>;
  /** The writes for a request with a key, of which only the first takes effect. */
  once(request: KeyedRequest): KeyedWrites;
}

/**
 * The writes of a `TaskRepository` under a key of the user. The first request that takes effect keeps its result under the
 * key, in the same atomic step as the write. Later requests with the same key and fingerprint return that result, marked as
 * a replay, and do nothing. A write that finds nothing, or another revision than expected, or fails, leaves the key free.
 * A key is forgotten 24 hours after its write, by the clock of the store.
 *
 * All methods reject as those of `TaskRepository` do, and also with `idempotency_key_reused` where the key has another
 * fingerprint, and with `idempotency_key_in_use` where an earlier request with the key takes too long.
 */
export interface KeyedWrites {
  add(user: User, task: NewTask): Promise<AddResult>;
  change(
    user: User,
    id: TaskId,
    change: TaskChange,
    at: Instant,
    expected?: ExpectedRevisions,
  ): Promise<ChangeResult>;
  remove(user: User, id: TaskId, at: Instant, expected?: ExpectedRevisions): Promise<RemoveResult>;
  /** As `Trash.restore`. */
  restore(user: User, id: TaskId, at: Instant, expected?: ExpectedRevisions): Promise<RestoreResult>;
}
