import { setTimeout as pause } from 'node:timers/promises';

/** The longest pause before each further attempt, in milliseconds. */
const pauses = [20, 60, 180] as const;

/**
 * Does it again where PostgreSQL has undone it because of others: after a serialization failure or a deadlock, and after
 * nothing else, for of nothing else is it certain that nothing was done. Pauses are random, so that those who
 * collided do not meet again. In the end it rejects as the last attempt did.
 */
export const retried = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  for (const longest of pauses) {
    try {
      return await work();
    } catch (error) {
      if (!wasUndone(error)) throw error;
      await pause(Math.random() * longest);
    }
  }
  return work();
};

/** https://www.postgresql.org/docs/18/mvcc-serialization-failure-handling.html; 40003 means that the outcome is unknown. */
const undone: readonly unknown[] = ['40001', '40P01'];

const wasUndone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && undone.includes(error.code);
