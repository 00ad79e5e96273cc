import { setTimeout as pause } from 'node:timers/promises';
import { TaskholdError } from '../../../domain/errors.ts';

/** A server that restarts answers nothing at once. In milliseconds. */
const resendPauseMs = 250;

/**
 * Sends a keyed write a second time where its result was lost: if it was done, the key is known now. The second one rejects
 * where the time limit of the request has passed, or the database cannot be reached; then the result stays unknown.
 */
export const writeAgain = async <Result>(
  first: () => Promise<Result>,
  second: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await first();
  } catch (error) {
    if (!(error instanceof TaskholdError && error.code === 'outcome_unknown')) throw error;
    await pause(resendPauseMs);
    return second().catch(() => {
      throw error;
    });
  }
};
