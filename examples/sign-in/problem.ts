/** The problems of the sign-in server: status, title, and a detail where there is none of the case. */
const problems = {
  malformed_json: [400, 'The body is not valid JSON', 'The body must be valid JSON.'],
  unauthenticated: [401, 'Sign-in is required', 'The token is missing, has expired or has been revoked.'],
  invalid_credentials: [401, 'The sign-in is refused', 'The email or the password is wrong.'],
  not_found: [404, 'There is nothing here', 'There is nothing at this path.'],
  method_not_allowed: [405, 'The method is not allowed', 'The header Allow names the methods of this path.'],
  email_taken: [409, 'The email is taken', 'An account with this email exists already.'],
  body_too_large: [413, 'The body is too large', 'The body must have at most 64 KiB.'],
  unsupported_media_type: [415, 'The media type is not supported', 'Send the body as application/json.'],
  invalid_form: [422, 'The form is not valid', 'The form is not valid.'],
  rate_limited: [429, 'Too many requests', 'Too many attempts.'],
  internal_error: [500, 'Something went wrong', 'The request could not be handled.'],
  unavailable: [503, 'Taskhold is not available', 'Taskhold does not answer.'],
  outcome_unknown: [
    504,
    'The result of the write was lost',
    'Taskhold did not respond. The write may have been done: read first, or repeat it under its Idempotency-Key.',
  ],
} as const;

type ProblemCode = keyof typeof problems;

interface ProblemOptions {
  readonly detail?: string;
  readonly errors?: readonly FieldProblem[];
  readonly headers?: Readonly<Record<string, string>>;
}

interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** An error with its response: problem details (RFC 9457) in the form of Taskhold's. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly options: ProblemOptions;

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(options.detail ?? problems[code][2]);
    this.code = code;
    this.options = options;
  }
}

/** What a client sees of an error. One that is no {@link Problem} shows nothing of its content. */
export const problemResponse = (error: unknown, requestId: string) => {
  const { code, message, options } = error instanceof Problem ? error : new Problem('internal_error');
  const [status, title] = problems[code];
  return {
    status,
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...(status === 401 ? { 'WWW-Authenticate': 'Bearer realm="taskhold"' } : {}),
      ...(status === 503 ? { 'Retry-After': '1' } : {}),
      ...options.headers,
    },
    body: JSON.stringify({
      type: `/problems/${code}`,
      title,
      status,
      code,
      detail: message,
      request_id: requestId,
      ...(options.errors === undefined ? {} : { errors: options.errors }),
    }),
  };
};
