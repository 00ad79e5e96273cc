import { setTimeout as pause } from 'node:timers/promises';

/** The maximum pause before each retry, in milliseconds. */
const maxPauses = [20, 60, 180] as const;

/**
 * Retries after a serialization failure or a deadlock, which PostgreSQL has certainly rolled back, and after no other error.
 * Pauses are random, so that conflicting transactions do not collide again. Rejects with the error of the last attempt.
 */
export const retried = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  for (const maxPause of maxPauses) {
    try {
      return await work();
    } catch (error) {
      if (!isRetryable(error)) throw error;
      await pause(Math.random() * maxPause);
    }
  }
  return work();
};

/** https://www.postgresql.org/docs/18/mvcc-serialization-failure-handling.html; 40003 means that the outcome is unknown. */
const rolledBackStates: readonly unknown[] = ['40001', '40P01'];

const isRetryable = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && rolledBackStates.includes(error.code);
