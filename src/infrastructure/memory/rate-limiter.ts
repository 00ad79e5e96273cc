import { LRUCache } from 'lru-cache';
import type { Allowance, RateLimiter, RateRule } from '../../application/ports/rate-limiter.ts';

/** A monotonic clock: `performance`, or that of a test. */
export interface MonotonicClock {
  now(): number;
}

/**
 * Counts in the memory of this process. A count is removed when its window ends. Windows are measured by a monotonic clock,
 * so a change of the time of day neither extends nor shortens them.
 */
export const memoryRateLimiter = (rule: RateRule, perf: MonotonicClock = performance): RateLimiter => {
  const counts = expiringMap<{ taken: number }>(rule, perf);
  return {
    rule,
    take: (key) => {
      const count = counts.get(key) ?? { taken: 0 };
      if (count.taken === 0) counts.set(key, count);
      count.taken += 1;
      return Promise.resolve(allowanceOf(rule, count.taken, counts.getRemainingTTL(key)));
    },
  };
};

/** A map whose entries live for one window at most; there is no limit to their number. */
export const expiringMap = <Value extends object>(
  { windowSeconds }: RateRule,
  perf: MonotonicClock = performance,
): LRUCache<string, Value> =>
  new LRUCache({ ttl: windowSeconds * 1000, ttlAutopurge: true, ttlResolution: 0, perf });

/** The allowance for the request that made the count `taken`, in a window that ends in `remainingMs`. */
export const allowanceOf = (rule: RateRule, taken: number, remainingMs: number): Allowance => ({
  allowed: taken <= rule.max,
  remaining: Math.max(0, rule.max - taken),
  resetSeconds: Math.min(rule.windowSeconds, Math.max(1, Math.ceil(remainingMs / 1000))),
});
