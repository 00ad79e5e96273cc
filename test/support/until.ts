import { setTimeout as pause } from 'node:timers/promises';

/** Polls every 10 ms until the condition holds; throws after `deadlineMs` milliseconds. */
export const until = async (
  what: string,
  holds: () => Promise<boolean> | boolean,
  deadlineMs = 20_000,
): Promise<void> => {
  const end = performance.now() + deadlineMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Not within ${deadlineMs} ms: ${what}`);
    await pause(10);
  }
};

/** The result of the work, and its duration in milliseconds. */
export const timed = async <Result>(work: () => Promise<Result>): Promise<[Result, number]> => {
  const start = performance.now();
  const result = await work();
  return [result, performance.now() - start];
};
