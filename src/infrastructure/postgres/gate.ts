import type { Work } from '../../application/ports/deadline.ts';
import { overloaded } from '../../domain/errors.ts';

interface Waiting {
  readonly enter: () => void;
  readonly timer: NodeJS.Timeout;
}

/** How many may be at work at once, how many may wait for their turn, and for how long. */
export interface GateLimits {
  readonly places: number;
  readonly waiting: number;
  readonly waitMilliseconds: number;
}

/** Lets work in, first come, first served. Work that is not let in rejects with `overloaded` and never begins. */
export interface Gate {
  /**
   * Work that is no longer wanted when its turn comes is not let in either. What has waited elsewhere since a moment of
   * `performance.now` waits so much less here.
   */
  pass<Result>(work: () => Promise<Result>, wanted?: Pick<Work, 'isOver'>, since?: number): Promise<Result>;
  /** Lets in what would not have to wait; null where it would. */
  passAtOnce<Result>(work: () => Promise<Result>): Promise<Result> | null;
  /** How many wait for their turn. */
  readonly waiting: () => number;
}

/** Slonik's own queue has neither a bound nor a time-out: this stands before it, and keeps it empty. */
export const createGate = ({ places, waiting, waitMilliseconds }: GateLimits): Gate => {
  const queue = new Set<Waiting>();
  let free = places;

  const turn = (since: number): Promise<void> =>
    new Promise((resolve, reject) => {
      if (queue.size >= waiting) {
        reject(overloaded());
        return;
      }
      const entry: Waiting = {
        enter: resolve,
        timer: setTimeout(
          () => {
            queue.delete(entry);
            reject(overloaded());
          },
          since + waitMilliseconds - performance.now(),
        ),
      };
      queue.add(entry);
    });

  const leave = (): void => {
    const [next] = queue;
    if (next === undefined) {
      free += 1;
      return;
    }
    queue.delete(next);
    clearTimeout(next.timer);
    next.enter();
  };

  return {
    waiting: () => queue.size,
    pass: async (work, wanted, since) => {
      if (free > 0) free -= 1;
      else await turn(since ?? performance.now());
      try {
        if (wanted?.isOver === true) throw overloaded();
        return await work();
      } finally {
        leave();
      }
    },
    passAtOnce: (work) => {
      if (free === 0) return null;
      free -= 1;
      return work().finally(leave);
    },
  };
};
