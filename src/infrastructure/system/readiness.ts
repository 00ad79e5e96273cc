import type { HealthCheck } from '../../application/ports/health-check.ts';

/** How long a result is cached, in milliseconds. `notReady` is shorter, so that a recovery is detected soon. */
const cacheMs = { ready: 500, notReady: 100 } as const;

/** Timeout of a health check, in milliseconds. */
const timeoutMs = 900;

/**
 * Adds a cache and a timeout to a health check. Not ready after the shutdown signal, or when the check exceeds the
 * timeout. Concurrent requests share one call of `health`, and results are cached, so the store is not flooded with checks.
 */
export const readiness = (health: HealthCheck, isStopping: () => boolean): HealthCheck => {
  let checking: Promise<boolean> | null = null;
  let last = { isReady: false, validUntil: -Infinity };

  const check = async (): Promise<boolean> => {
    try {
      const isReady = await falseOnTimeout(health.isReady());
      last = { isReady, validUntil: performance.now() + cacheMs[isReady ? 'ready' : 'notReady'] };
      return isReady;
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
  };
};

const falseOnTimeout = (result: Promise<boolean>): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, timeoutMs, false);
    result.then(resolve, reject).finally(() => clearTimeout(timer));
  });
