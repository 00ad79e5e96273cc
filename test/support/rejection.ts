import { TaskholdError, type ErrorCode } from '../../src/domain/errors.ts';

/** The error that the promise rejects with; throws if it resolves. */
export const rejection = async (promise: Promise<unknown>): Promise<unknown> => {
  let result: unknown;
  try {
    result = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`The promise resolved with ${JSON.stringify(result)}`);
};

/** The code of the TaskholdError that the promise rejects with; throws any other error, or if it resolves. */
export const rejectionCode = async (promise: Promise<unknown>): Promise<ErrorCode> => {
  const error = await rejection(promise);
  if (error instanceof TaskholdError) return error.code;
  throw error;
};
