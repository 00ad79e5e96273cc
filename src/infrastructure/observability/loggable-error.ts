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

/** The frames alone: the lines above them repeat the message. A line of the message can look like a frame. */
const framesOf = (stack: string): string =>
  redacted(
    stack
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
    maxStackLength,
  );

/** The most that is logged of a message and of a stack, in characters. */
const maxMessageLength = 2_000;
const maxStackLength = 4_000;

// Linear in the length of the text: a match that fails has not read beyond the next place where one can begin.
const urlCredentials = /:\/\/[^\s/]*@/g;
const jsonWebToken = /\beyJ[\w.-]*/g;
const assigned =
  /\b(password|secret|token|authorization)(["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*'|(?:Bearer\s+)?\S+)/gi;

/**
 * A text without secrets: credentials in URLs, tokens, `password=…`. It is cut to `maxLength` characters afterwards,
 * because half of a secret is not recognized as one.
 */
export const redacted = (text: string, maxLength = maxMessageLength): string =>
  text
    .replaceAll(urlCredentials, '://***@')
    .replaceAll(jsonWebToken, '***')
    .replaceAll(assigned, '$1$2***')
    .slice(0, maxLength);
