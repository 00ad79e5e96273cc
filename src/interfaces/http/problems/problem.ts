import { InvalidInput } from '../../task-representation/invalid-input.ts';
import { TaskholdError, type ErrorCode, type FieldProblem } from '../../../domain/errors.ts';
import { preRoutingProblems, catalogue, type ProblemCode } from './catalogue.ts';
import type { ProblemResource } from './problem-schema.ts';

type ProblemExtensions = Readonly<Record<string, unknown>>;

interface ProblemOptions extends ErrorOptions {
  readonly errors?: readonly FieldProblem[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Members of the body besides the standard ones (RFC 9457, section 3.2). */
  readonly extensions?: ProblemExtensions;
  /** Overrides the status of the code, for the statuses of `malformed_request`. */
  readonly status?: number;
}

/** An error with its HTTP response (RFC 9457). The detail is shown to users and contains no internals. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly code: ProblemCode;
  readonly status: number;
  readonly errors: readonly FieldProblem[];
  readonly headers: Readonly<Record<string, string>>;
  readonly extensions: ProblemExtensions;

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, options);
    this.code = code;
    this.status = options.status ?? catalogue[code].status;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
    this.extensions = options.extensions ?? {};
  }
}

/** A problem that is found before the request is routed, with this status. */
export const preRoutingProblem = (status: keyof typeof preRoutingProblems): HttpProblem =>
  new HttpProblem('malformed_request', preRoutingProblems[status], { status });

/** Converts any error to a problem. An unknown error becomes `internal_error`, without any of its content. */
export const toProblem = (error: unknown): HttpProblem => {
  if (error instanceof HttpProblem) return error;
  if (error instanceof InvalidInput)
    return new HttpProblem(error.code, error.message, { errors: error.errors });
  if (!(error instanceof TaskholdError)) {
    return new HttpProblem(
      'internal_error',
      'The request could not be handled; it is safe to report its id.',
    );
  }
  const { code, message } = error;
  const headers = retriedSoon.includes(code) ? { 'Retry-After': '1' } : {};
  return new HttpProblem(code, message, { headers });
};

/** A retry of these in a second makes sense. */
const retriedSoon: readonly ErrorCode[] = ['idempotency_key_in_use', 'overloaded', 'unavailable'];

/** A problem as clients see it. */
export const toProblemResource = (problem: HttpProblem, requestId: string): ProblemResource => ({
  type: `/problems/${problem.code}`,
  title: catalogue[problem.code].title,
  status: problem.status,
  code: problem.code,
  detail: problem.message,
  request_id: requestId,
  ...(problem.errors.length > 0 ? { errors: [...problem.errors] } : {}),
  ...problem.extensions,
});

export const problemBody = (problem: HttpProblem, requestId: string): string =>
  JSON.stringify(toProblemResource(problem, requestId));

export const problemMediaType = 'application/problem+json';
