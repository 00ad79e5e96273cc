import { keyInUse } from '../../../domain/errors.ts';

interface Waiter {
  readonly begin: () => void;
  readonly timer: NodeJS.Timeout;
}

/** Runs work under one key one after the other, first come, first served. */
export type KeyQueue = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>;

/**
 * So that the requests of one process with the same key do not race. Work that waits for longer than this rejects with
 * `idempotency_key_in_use`, and never begins. A key without work takes no memory.
 */
export const createKeyQueue = (maxWaitMilliseconds: number): KeyQueue => {
  /** The waiters for each key under which work is running. */
  const running = new Map<string, Set<Waiter>>();

  const waitBehind = (waiters: Set<Waiter>): Promise<void> =>
    new Promise((resolve, reject) => {
      const timeOut = (): void => {
        waiters.delete(waiter);
        reject(keyInUse());
      };
      const waiter: Waiter = { begin: resolve, timer: setTimeout(timeOut, maxWaitMilliseconds) };
      waiters.add(waiter);
    });

  const leave = (key: string, waiters: Set<Waiter>): void => {
    const [next] = waiters;
    if (next === undefined) {
      running.delete(key);
      return;
    }
    waiters.delete(next);
    clearTimeout(next.timer);
    next.begin();
  };

  return async (key, work) => {
    const known = running.get(key);
    const waiters = known ?? new Set<Waiter>();
    if (known === undefined) running.set(key, waiters);
    else await waitBehind(known);
    try {
      return await work();
    } finally {
      leave(key, waiters);
    }
  };
};
