/** A promise did not resolve within the timeout. */
export class TimeoutError extends Error {
  constructor(milliseconds: number) {
    super(`There was no answer within ${milliseconds} ms`);
  }
}

/**
 * Resolves as the promise does, or rejects with {@link TimeoutError} after the timeout. A result that comes later is passed
 * to `discard`.
 */
export const withTimeout = async <Result>(
  milliseconds: number,
  promise: Promise<Result>,
  discard: (late: Result) => unknown = () => undefined,
): Promise<Result> => {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      promise.then(discard).catch(() => undefined);
      reject(new TimeoutError(milliseconds));
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
};
