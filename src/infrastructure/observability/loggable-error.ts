/** What may be told of an error. */
export interface LoggableError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: LoggableError;
  readonly errors?: readonly LoggableError[];
}

/** Deeper causes than these tell nothing new, and a chain may be a circle. */
const depth = 5;

/**
 * An error for the log: its name, code, message and stack, and those of its causes. The rest is left out: libraries
 * hang the statement with its values, the row, the connection's settings or the request on it.
 */
export const loggableError = (error: unknown, left = depth): LoggableError => {
  if (!(error instanceof Error)) return { name: typeof error, message: redacted(String(error)) };
  const { name, message, stack, cause } = error;
  const errors = error instanceof AggregateError ? error.errors.slice(0, depth) : [];
  return {
    name,
    message: redacted(message),
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    ...(stack === undefined ? {} : { stack: framesOf(stack) }),
    ...(cause === undefined || left === 0 ? {} : { cause: loggableError(cause, left - 1) }),
    ...(errors.length === 0 || left === 0
      ? {}
      : { errors: errors.map((one: unknown) => loggableError(one, left - 1)) }),
  };
};

/** The places alone: what stands above them is the message once more. */
const framesOf = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');

const urlCredentials = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]*@/gi;
const jsonWebToken = /\beyJ[\w-]+\.[\w-]*(?:\.[\w-]*)?/g;
const assigned = /\b(password|secret|token|authorization)(["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*'|\S+)/gi;

/** A text without what opens doors: credentials in URLs, tokens, `password=…`. */
export const redacted = (text: string): string =>
  text
    .slice(0, 2_000)
    .replaceAll(urlCredentials, '$1***@')
    .replaceAll(jsonWebToken, '***')
    .replaceAll(assigned, '$1$2***');
