import type { ErrorCode } from '../../../domain/errors.ts';

/** All problem codes: those of the domain, and those of the HTTP adapter. */
export type ProblemCode =
  | ErrorCode
  | 'body_too_large'
  | 'headers_too_large'
  | 'insufficient_scope'
  | 'internal_error'
  | 'invalid_cursor'
  | 'invalid_query'
  | 'malformed_json'
  | 'malformed_request'
  | 'method_not_allowed'
  | 'not_acceptable'
  | 'not_found'
  | 'rate_limited'
  | 'unsupported_media_type';

interface Kind {
  readonly status: number;
  readonly title: string;
}

/** A code without a status and a title does not compile. */
export const catalogue = {
  malformed_json: { status: 400, title: 'The body is not a JSON object' },
  malformed_request: { status: 400, title: 'The request is malformed' },
  unauthenticated: { status: 401, title: 'A valid token is needed' },
  not_owner: { status: 403, title: 'These tasks belong to another user' },
  insufficient_scope: { status: 403, title: 'The token does not allow this' },
  task_not_found: { status: 404, title: 'There is no such task' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'The method is not allowed here' },
  not_acceptable: { status: 406, title: 'The media type is not available' },
  idempotency_key_in_use: { status: 409, title: 'A request with this key is under way' },
  revision_expired: { status: 410, title: 'The revision is too old' },
  revision_mismatch: { status: 412, title: 'The task has changed' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON' },
  invalid_task: { status: 422, title: 'The task is not valid' },
  invalid_query: { status: 422, title: 'The query is not valid' },
  invalid_cursor: { status: 422, title: 'The cursor is not valid' },
  idempotency_key_reused: { status: 422, title: 'The key belongs to another request' },
  rate_limited: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The header fields are too large' },
  internal_error: { status: 500, title: 'Internal server error' },
  overloaded: { status: 503, title: 'The service is overloaded' },
  unavailable: { status: 503, title: 'The service is not available at the moment' },
  outcome_unknown: { status: 504, title: 'The result of the write was lost' },
  timeout: { status: 504, title: 'The request took too long' },
} as const satisfies Record<ProblemCode, Kind>;

/** Details of `malformed_request` problems that occur before routing, by their status. */
export const preRoutingProblems = {
  408: 'The request took too long to arrive.',
  414: 'The request line is too long.',
  417: 'The only supported expectation is 100-continue.',
  501: 'This method is not supported.',
  505: 'Only HTTP/1.0 and HTTP/1.1 are supported.',
} as const;

/** The usual detail of a problem, which is also its example in the OpenAPI document. Rarer details are where they are thrown. */
export const details = {
  malformed_json: 'The body must be a JSON object.',
  malformed_request: (part: 'path' | 'query') => `The ${part} has a broken percent-escape.`,
  unauthenticated: 'The token is not valid, or has expired.',
  not_owner: 'The path names another user than the token.',
  insufficient_scope: (scope: string) => `The token lacks the scope ${scope}.`,
  not_found: 'There is nothing at this path.',
  method_not_allowed: (allow: string) => `This path has ${allow}.`,
  not_acceptable: (mediaType: string) => `Responses are ${mediaType}.`,
  body_too_large: (maxBytes: number) => `A body may have ${maxBytes} bytes.`,
  unsupported_media_type: 'The body must be JSON: Content-Type: application/json.',
  rate_limited: (seconds: number) => `Too many requests; try again in ${seconds} s.`,
  too_many_streams: (max: number) =>
    `A user may have ${max} event streams open on one instance; close one first.`,
  headers_too_large: 'The header fields together are limited to 16 KiB.',
} as const satisfies Partial<Record<ProblemCode | 'too_many_streams', unknown>>;
