/** No answer came in time. */
export class TimeoutError extends Error {
  constructor(milliseconds: number) {
    super(`There was no answer within ${milliseconds} ms`);
  }
}

/**
 * What the promise resolves to, if it does in time; rejects with {@link TimeoutError} otherwise, and gives what comes
 * later to `discard`.
 */
export const withTimeout = async <Result>(
  milliseconds: number,
  promise: Promise<Result>,
  discard: (late: Result) => unknown = () => undefined,
): Promise<Result> => {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      promise.then(discard).catch(() => undefined);
      reject(new TimeoutError(milliseconds));
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
};
