import type { Problem, Task } from '../api-types.ts';

/**
 * A code of the service, or one of the client: `network_error` (there is no connection, or it broke), `no_response` (not in time),
 * `token_failed` (no usable token, or not in time: the request was not sent), `unexpected_response` (not one of Taskhold).
 */
export type ErrorCode =
  Problem['code'] | 'network_error' | 'no_response' | 'token_failed' | 'unexpected_response';

/** A field that the service refused, and why. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

interface ErrorFields {
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly errors?: readonly FieldError[] | undefined;
  readonly requestId?: string | null;
  readonly current?: Task | null;
  readonly retryAfterMs?: number | null;
  readonly isUncertain?: boolean;
}

/** Every failed call rejects with it, except where its signal was aborted, and a `TypeError` where it cannot be sent. */
export class TaskholdError extends Error {
  override readonly name = 'TaskholdError';
  /** The status of the response; 0 where there was none. */
  readonly status: number;
  /** For decisions; it is stable. */
  readonly code: ErrorCode;
  /** For people. */
  readonly detail: string;
  /** With 422: every field that was refused. */
  readonly errors: readonly FieldError[];
  /** The `X-Request-Id` of the response, for support. */
  readonly requestId: string | null;
  /** With 412: the task as it is now. */
  readonly current: Task | null;
  /** The pause of `Retry-After`, in milliseconds; at most an hour. */
  readonly retryAfterMs: number | null;
  /** Whether the write may have been done: the response of this attempt, or of an earlier one, was lost. */
  isUncertain: boolean;

  constructor(fields: ErrorFields, options?: ErrorOptions) {
    super(fields.detail, options);
    this.status = fields.status;
    this.code = fields.code;
    this.detail = fields.detail;
    this.errors = fields.errors ?? [];
    this.requestId = fields.requestId ?? null;
    this.current = fields.current ?? null;
    this.retryAfterMs = fields.retryAfterMs ?? null;
    this.isUncertain = fields.isUncertain ?? false;
  }
}

const temporaryStatuses: readonly number[] = [0, 408, 429, 502, 503, 504];

/** Whether the same request may succeed later. */
export const isTemporary = ({ status, code }: TaskholdError): boolean =>
  temporaryStatuses.includes(status) ||
  code === 'idempotency_key_in_use' ||
  // Such as the sign-in page of a public network, or the page of a proxy that does not reach the service.
  (code === 'unexpected_response' && (status < 400 || status >= 500));

/** Whether the service has refused the request itself. A proxy or a fault of the service decides nothing, and a token may be renewed. */
export const isRefusal = (error: TaskholdError): boolean =>
  error.status >= 400 &&
  error.status < 500 &&
  error.status !== 401 &&
  error.code !== 'unexpected_response' &&
  !isTemporary(error);

/** The error where a response, or the rest of it, was not received. */
export const lostConnection = (isLate: boolean, cause: unknown): TaskholdError =>
  new TaskholdError(
    {
      status: 0,
      code: isLate ? 'no_response' : 'network_error',
      detail: isLate ? 'The service does not respond.' : 'The service cannot be reached.',
      isUncertain: true,
    },
    { cause },
  );
