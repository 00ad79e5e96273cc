import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestDeadline, Work } from '../../application/ports/request-deadline.ts';
import { outcomeUnknown, timedOut } from '../../domain/errors.ts';

/** Limits each unit of work to this many milliseconds. */
export const requestDeadline = (milliseconds: number): RequestDeadline => {
  const currentWork = new AsyncLocalStorage<Work>();
  return {
    limit: (work) =>
      new Promise((resolve, reject) => {
        const state = new LimitedWork();
        const timer = setTimeout(() => {
          state.isOver = true;
          reject(state.hasBegunWrite ? outcomeUnknown() : timedOut());
        }, milliseconds);
        currentWork
          .run(state, work)
          .then(resolve, reject)
          .finally(() => clearTimeout(timer));
      }),
    current: () => currentWork.getStore() ?? unlimited,
  };
};

class LimitedWork implements Work {
  isOver = false;
  hasBegunWrite = false;

  beginWrite(): boolean {
    if (this.isOver) return false;
    this.hasBegunWrite = true;
    return true;
  }
}

/** Work without a time limit: a probe, a background job. */
const unlimited: Work = { isOver: false, beginWrite: () => true };
