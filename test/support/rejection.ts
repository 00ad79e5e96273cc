import { TaskholdError, type ErrorCode } from '../../src/domain/errors.ts';

/** What the promise rejects with; throws where it does not. */
export const rejection = async (promise: Promise<unknown>): Promise<unknown> => {
  let kept: unknown;
  try {
    kept = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`It was kept, with ${JSON.stringify(kept)}`);
};

/** The code of the error the promise rejects with; throws where it is another kind of error, or none. */
export const rejectionCode = async (promise: Promise<unknown>): Promise<ErrorCode> => {
  const error = await rejection(promise);
  if (error instanceof TaskholdError) return error.code;
  throw error;
};
