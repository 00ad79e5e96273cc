import type { Task } from './task.ts';

/**
 * Everything that can go wrong by the rules of the domain and its use cases: a closed set, so that each code
 * must be given an answer wherever errors are turned into something else.
 */
export type ErrorCode =
  | 'invalid_task'
  | 'not_owner'
  | 'outcome_unknown'
  | 'overloaded'
  | 'revision_mismatch'
  | 'task_not_found'
  | 'timeout'
  | 'unauthenticated'
  | 'unavailable';

/** One problem of one field; together they form a sentence: `field` + `message`. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** The one exception of the core. Its message is made for people and never carries anything internal. */
export class TaskholdError extends Error {
  override readonly name = 'TaskholdError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}

/** Refuses work before it begins, because too much is under way: it is safe to send it again. */
export const overloaded = (): TaskholdError =>
  new TaskholdError(
    'overloaded',
    'The service has too much to do at the moment. Nothing was done; try again shortly.',
  );

/** A write was sent to the store and its answer was lost: the write may have been done, or not. */
export const outcomeUnknown = (cause?: unknown): TaskholdError =>
  new TaskholdError(
    'outcome_unknown',
    'The write was sent, but its result was lost: it may have been done or not. Read first, then decide whether to repeat it.',
    cause === undefined ? {} : { cause },
  );

/** One error for a task that is absent, belongs to another user, or cannot exist: a client cannot distinguish them. */
export const taskNotFound = (): TaskholdError =>
  new TaskholdError('task_not_found', 'There is no such task among yours.');

/** A conditional write found another revision than expected; `current` is the task as it was found. */
export class RevisionMismatch extends TaskholdError {
  static readonly detail = 'The task has changed since you read it. `current` is the task as it is now.';
  readonly current: Task;

  constructor(current: Task) {
    super('revision_mismatch', RevisionMismatch.detail);
    this.current = current;
  }
}
