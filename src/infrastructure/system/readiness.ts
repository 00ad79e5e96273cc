import type { HealthCheck, NotReadyReason } from '../../application/ports/health-check.ts';

/** How long a result is cached, in milliseconds. `notReady` is shorter, so that a recovery is detected soon. */
const cacheMs = { ready: 500, notReady: 100 } as const;

/** Timeout of a health check, in milliseconds. */
const timeoutMs = 900;

interface Result {
  readonly isReady: boolean;
  readonly problem: NotReadyReason | null;
  readonly validUntil: number;
}

/**
 * Adds a cache and a timeout to a health check. Not ready after the shutdown signal, or when the check exceeds the
 * timeout. Concurrent requests share one call of `health`, and results are cached, so the store is not flooded with checks.
 */
export const readiness = (health: HealthCheck, isStopping: () => boolean): HealthCheck => {
  let checking: Promise<boolean> | null = null;
  let last: Result = { isReady: false, problem: null, validUntil: -Infinity };

  const check = async (): Promise<boolean> => {
    try {
      const isReady = await nullOnTimeout(health.isReady());
      const validUntil = performance.now() + cacheMs[isReady === true ? 'ready' : 'notReady'];
      const problem = isReady === null ? 'timeout' : health.problem();
      last = { isReady: isReady === true, problem, validUntil };
      return last.isReady;
    } finally {
      checking = null;
    }
  };

  return {
    isReady: async () => {
      if (isStopping()) return false;
      const isReady = performance.now() < last.validUntil ? last.isReady : await (checking ??= check());
      return isReady && !isStopping();
    },
    problem: () => (isStopping() ? 'stopping' : last.problem),
  };
};

const nullOnTimeout = (result: Promise<boolean>): Promise<boolean | null> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, timeoutMs, null);
    result.then(resolve, reject).finally(() => clearTimeout(timer));
  });
