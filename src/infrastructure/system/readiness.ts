import type { HealthCheck } from '../../application/ports/health-check.ts';
import type { Lifecycle } from '../../application/ports/lifecycle.ts';

/** How long an answer is good for, in milliseconds: a bad one shorter, so that a recovery is seen soon. */
const goodFor = { ready: 500, notReady: 100 } as const;

/** The longest that a health check waits for the store, in milliseconds. */
const timeoutMilliseconds = 900;

/**
 * Health as the world is told it: not ready once the service has been told to stop, and an answer in time, whatever
 * hangs. However many ask, the store is asked twice a second, and once at a time.
 */
export const readiness = (health: HealthCheck, lifecycle: Lifecycle): HealthCheck => {
  let asking: Promise<boolean> | null = null;
  let last = { isReady: false, until: -Infinity };

  const ask = async (): Promise<boolean> => {
    try {
      const isReady = await inTime(health.isReady());
      last = { isReady, until: performance.now() + (isReady ? goodFor.ready : goodFor.notReady) };
      return isReady;
    } finally {
      asking = null;
    }
  };

  return {
    isReady: async () => {
      if (lifecycle.isStopping) return false;
      const isReady = performance.now() < last.until ? last.isReady : await (asking ??= ask());
      return isReady && !lifecycle.isStopping;
    },
  };
};

const inTime = (answer: Promise<boolean>): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, timeoutMilliseconds, false);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
