import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until it holds; throws when it does not in time. */
export const until = async (
  what: string,
  holds: () => Promise<boolean> | boolean,
  deadlineMs = 5000,
): Promise<void> => {
  const end = performance.now() + deadlineMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Not within ${deadlineMs} ms: ${what}`);
    await pause(10);
  }
};

/** How long the work took, in milliseconds, and what came of it. */
export const timed = async <Result>(work: () => Promise<Result>): Promise<[Result, number]> => {
  const start = performance.now();
  const result = await work();
  return [result, performance.now() - start];
};
