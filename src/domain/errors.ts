import type { Task } from './task.ts';

/**
 * All errors of the domain and the use cases. The set is closed, so that the compiler finds an adapter that does not map
 * one of the codes.
 */
export type ErrorCode =
  | 'idempotency_key_in_use'
  | 'idempotency_key_reused'
  | 'invalid_task'
  | 'not_owner'
  | 'outcome_unknown'
  | 'overloaded'
  | 'revision_expired'
  | 'revision_mismatch'
  | 'task_not_found'
  | 'timeout'
  | 'unauthenticated'
  | 'unavailable';

/** One problem of one field. `field` and `message` together form a sentence. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** The only error that the domain and the use cases throw. Its message is shown to users and contains no internals. */
export class TaskholdError extends Error {
  override readonly name = 'TaskholdError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}

/** Work was rejected before it began, because too much other work is running or waiting. A retry is safe. */
export const overloaded = (): TaskholdError =>
  new TaskholdError('overloaded', 'The service is overloaded. Nothing was done; try again shortly.');

/** A write was sent to the store and its result was lost: the write may or may not have been done. */
export const outcomeUnknown = (cause?: unknown): TaskholdError =>
  new TaskholdError(
    'outcome_unknown',
    'The write was sent, but its result was lost: it may or may not have been done. Read the task before you repeat the write; with an Idempotency-Key, repeat it at once.',
    cause === undefined ? {} : { cause },
  );

/** Work took longer than its time limit, and no write was sent. A retry is safe. */
export const timedOut = (): TaskholdError =>
  new TaskholdError('timeout', 'The request took too long. Nothing was changed; try again.');

/** The same error for a task that is absent, belongs to another user, or has a malformed id. */
export const taskNotFound = (): TaskholdError =>
  new TaskholdError('task_not_found', 'There is no such task among yours.');

/** What changed after this revision can no longer be known. */
export const revisionExpired = (): TaskholdError =>
  new TaskholdError(
    'revision_expired',
    'What changed since this revision is no longer known. Begin again with since=0.',
  );

/** The key of a write belongs to another request, which took effect. */
export const keyReused = (): TaskholdError =>
  new TaskholdError(
    'idempotency_key_reused',
    'Another request has used this Idempotency-Key: its method, path, If-Match or body differs. Nothing was done.',
  );

/** An earlier request with the same key has not been answered. A retry is safe. */
export const keyInUse = (): TaskholdError =>
  new TaskholdError(
    'idempotency_key_in_use',
    'An earlier request with this Idempotency-Key is still under way; try again shortly.',
  );

/** A conditional write found another revision than expected. `current` is the task that it found. */
export class RevisionMismatch extends TaskholdError {
  static readonly detail = 'The task has changed since you read it. `current` is the task as it is now.';
  readonly current: Task;

  constructor(current: Task) {
    super('revision_mismatch', RevisionMismatch.detail);
    this.current = current;
  }
}
