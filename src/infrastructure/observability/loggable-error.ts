/** The parts of an error that may be logged. */
interface LoggableError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: LoggableError;
  readonly errors?: readonly LoggableError[];
}

/** The number of nested causes to log; a chain of causes can be a cycle. */
const maxDepth = 5;

/**
 * The name, code, message and stack of an error and of its causes, for the log. Other properties are left out, because
 * libraries attach statements with their values, rows, connection settings or requests to their errors.
 */
export const loggableError = (error: unknown, depthLeft = maxDepth): LoggableError => {
  if (!(error instanceof Error)) return { name: typeof error, message: redacted(String(error)) };
  const { name, message, stack, cause } = error;
  const errors = error instanceof AggregateError ? error.errors.slice(0, maxDepth) : [];
  return {
    name,
    message: redacted(message),
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    ...(stack === undefined ? {} : { stack: framesOf(stack) }),
    ...(cause === undefined || depthLeft === 0 ? {} : { cause: loggableError(cause, depthLeft - 1) }),
    ...(errors.length === 0 || depthLeft === 0
      ? {}
      : { errors: errors.map((inner: unknown) => loggableError(inner, depthLeft - 1)) }),
  };
};

/** The frames without the message. They are redacted, because a line of the message can look like a frame. */
const framesOf = (stack: string): string =>
  redacted(
    stack
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
    maxStackLength,
  );

/** The maximum length of a logged message and of a logged stack, in characters. */
const maxMessageLength = 2_000;
const maxStackLength = 4_000;

// Linear time: a failed match does not read beyond the next position at which a match can begin.
const urlCredentials = /:\/\/[^\s/]*@/g;
const jsonWebToken = /\beyJ[\w.-]*/g;
const assigned =
  /\b(password|secret|token|authorization)(["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*'|(?:Bearer\s+)?\S+)/gi;

/**
 * Replaces secrets by `***`: credentials in URLs, tokens, `password=…`. The text is cut to `maxLength` characters
 * afterwards, because a part of a secret would not be recognized.
 */
export const redacted = (text: string, maxLength = maxMessageLength): string =>
  text
    .replaceAll(urlCredentials, '://***@')
    .replaceAll(jsonWebToken, '***')
    .replaceAll(assigned, '$1$2***')
    .slice(0, maxLength);
