import type { Work } from '../../../application/ports/request-deadline.ts';
import { overloaded } from '../../../domain/errors.ts';
import type { QueueLimit } from './queue-limit.ts';

export interface BulkheadLimits {
  /** Pieces of work that may run at the same time. */
  readonly permits: number;
  /** How much work may wait for a permit; one more rejects with `overloaded` at once. */
  readonly queueLimit: QueueLimit;
  /** The longest that work waits for a permit; then it rejects with `overloaded`. */
  readonly maxWaitMilliseconds: number;
}

/** Limits how much work runs and waits, first come, first served. Work that rejects with `overloaded` never began. */
export interface Bulkhead {
  /**
   * Runs the work when there is a permit, unless its request is over by then. `since` is a moment of `performance.now`:
   * time that was spent waiting elsewhere since then counts as waiting here.
   */
  run<Result>(work: () => Promise<Result>, request?: Pick<Work, 'isOver'>, since?: number): Promise<Result>;
  /** Runs the work if a permit is free; otherwise returns null. */
  runIfFree<Result>(work: () => Promise<Result>): Promise<Result> | null;
}

interface Waiter {
  readonly acquire: () => void;
  readonly timer: NodeJS.Timeout;
}

/** Stands before Slonik's pool, whose own queue has neither a bound nor a timeout, and keeps that queue empty. */
export const createBulkhead = ({ permits, queueLimit, maxWaitMilliseconds }: BulkheadLimits): Bulkhead => {
  const queue = new Set<Waiter>();
  let free = permits;

  const waitForPermit = (since: number): Promise<void> =>
    new Promise((resolve, reject) => {
      if (!queueLimit.tryEnter()) {
        reject(overloaded());
        return;
      }
      const timeout = (): void => {
        queue.delete(waiter);
        queueLimit.leave();
        reject(overloaded());
      };
      const waiter: Waiter = {
        acquire: resolve,
        timer: setTimeout(timeout, since + maxWaitMilliseconds - performance.now()),
      };
      queue.add(waiter);
    });

  const release = (): void => {
    const [next] = queue;
    if (next === undefined) {
      free += 1;
      return;
    }
    queue.delete(next);
    queueLimit.leave();
    clearTimeout(next.timer);
    next.acquire();
  };

  return {
    run: async (work, request, since) => {
      if (free > 0) free -= 1;
      else await waitForPermit(since ?? performance.now());
      try {
        if (request?.isOver === true) throw overloaded();
        return await work();
      } finally {
        release();
      }
    },
    runIfFree: (work) => {
      if (free === 0) return null;
      free -= 1;
      return work().finally(release);
    },
  };
};
