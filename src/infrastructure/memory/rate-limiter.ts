import { RateLimiterMemory, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Allowance, RateLimiter, RateRule } from '../../application/ports/rate-limiter.ts';

/** Counts in this process alone; what is counted is forgotten when its window ends. */
export const memoryRateLimiter = (rule: RateRule): RateLimiter => asRateLimiter(memoryCounter(rule), rule);

export const memoryCounter = ({ max, windowSeconds }: RateRule): RateLimiterAbstract =>
  new RateLimiterMemory({ points: max, duration: windowSeconds, keyPrefix: '' });

/** The port over a limiter of rate-limiter-flexible. */
export const asRateLimiter = (limiter: RateLimiterAbstract, rule: RateRule): RateLimiter => ({
  rule,
  take: (key) => limiter.consume(key).then(allowed, refused),
});

const allowed = (result: RateLimiterRes): Allowance => allowance(true, result);

const refused = (reason: unknown): Allowance => {
  if (reason instanceof RateLimiterRes) return allowance(false, reason);
  throw reason;
};

const allowance = (allowed: boolean, { remainingPoints, msBeforeNext }: RateLimiterRes): Allowance => ({
  allowed,
  remaining: remainingPoints,
  resetSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)),
});
