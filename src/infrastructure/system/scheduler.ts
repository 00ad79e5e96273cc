import { AsyncLocalStorage } from 'node:async_hooks';
import type { Scheduler } from '../../application/ports/scheduler.ts';

/** Timers of the process, outside of every request. They do not keep the process alive. Implements {@link Scheduler}. */
export const systemScheduler = (): Scheduler => {
  const runOutside = AsyncLocalStorage.snapshot();
  return {
    after: (milliseconds, work) => {
      const timer = setTimeout(() => runOutside(work), milliseconds).unref();
      return () => clearTimeout(timer);
    },
  };
};
