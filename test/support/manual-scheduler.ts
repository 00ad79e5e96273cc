import type { Scheduler } from '../../src/application/ports/scheduler.ts';

/** A scheduler whose time passes only by `advance`. */
export interface ManualScheduler extends Scheduler {
  /** Lets this time pass: runs the work that is due, in its order, and waits for promises in between. */
  readonly advance: (milliseconds: number) => Promise<void>;
  /** The number of pieces of work that wait for their time. */
  readonly waiting: () => number;
}

export const manualScheduler = (): ManualScheduler => {
  const planned = new Set<{ readonly at: number; readonly work: () => void }>();
  let now = 0;
  return {
    after: (milliseconds, work) => {
      const entry = { at: now + milliseconds, work };
      planned.add(entry);
      return () => void planned.delete(entry);
    },
    advance: async (milliseconds) => {
      const end = now + milliseconds;
      for (;;) {
        const [next] = [...planned].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        planned.delete(next);
        now = next.at;
        next.work();
        await turn();
      }
      now = end;
      await turn();
    },
    waiting: () => planned.size,
  };
};

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
