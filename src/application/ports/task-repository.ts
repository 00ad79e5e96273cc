import type { Owner, UserId } from '../../domain/user.ts';
import type { Instant, Revision, Task, TaskChange, TaskDraft, TaskId } from '../../domain/task.ts';
import type { Position, TaskFilter } from '../../domain/task-list.ts';

/** A task to insert; the repository adds the owner and the revision. */
export interface NewTask extends TaskDraft {
  readonly id: TaskId;
  readonly createdAt: Instant;
}

export interface TaskQuery {
  readonly filter: TaskFilter;
  /** The most tasks to return; 1 to 1000. */
  readonly limit: number;
  /** Only tasks behind this position; null for the first page. */
  readonly after: Position | null;
}

/** A page of a list, in the order of `newestFirst`. */
export interface TaskPage {
  readonly tasks: readonly Task[];
  /** The position to go on from; null on the last page. */
  readonly next: Position | null;
  /** The owner's counter at the moment the tasks were read: the same revision, the same tasks. */
  readonly revision: Revision;
}

/** The revisions that a write may replace. An empty list matches none; undefined matches every revision. */
export type ExpectedRevisions = readonly Revision[];

/** Nothing was written: there is no such task, or it has another revision than expected; `current` is the task as it is. */
type NotWritten = { readonly outcome: 'missing' } | { readonly outcome: 'mismatch'; readonly current: Task };

export type ChangeResult = { readonly outcome: 'changed'; readonly task: Task } | NotWritten;

export type RemoveResult = { readonly outcome: 'removed' } | NotWritten;

/**
 * Stores the tasks of all owners. The owner is the first parameter of every method; a task of another owner is missing.
 *
 * Every write takes the next value of its owner's counter in the same atomic step, stamps the task with it, and
 * stores the owner's email and display name where the token has them. A write that finds nothing, or another
 * revision than expected, takes none, unless it lost a race. Revisions grow in commit order: a reader that has
 * seen N never sees a task appear later with N or less.
 *
 * All methods reject with `unavailable` while the store cannot be reached, and with `overloaded` where too many calls wait
 * for it; in both cases nothing was done. A write rejects with `outcome_unknown` where it was sent and its result was lost: it
 * may have been done, or may still be done.
 */
export interface TaskRepository {
  add(owner: Owner, task: NewTask): Promise<Task>;
  find(owner: UserId, id: TaskId): Promise<Task | null>;
  list(owner: UserId, query: TaskQuery): Promise<TaskPage>;
  /** `updatedAt` never goes back: it becomes `at`, or stays where it is ahead of `at`. */
  change(
    owner: Owner,
    id: TaskId,
    change: TaskChange,
    at: Instant,
    expected?: ExpectedRevisions,
  ): Promise<ChangeResult>;
  remove(owner: Owner, id: TaskId, expected?: ExpectedRevisions): Promise<RemoveResult>;
}
