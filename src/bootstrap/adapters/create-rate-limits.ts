import type { RateLimiter, RateLimits } from '../../application/ports/rate-limiter.ts';
import type { Settings } from '../../config/settings.ts';
import { memoryRateLimiter } from '../../infrastructure/memory/rate-limiter.ts';
import type { RedisConnection } from '../../infrastructure/redis/connection.ts';
import { redisRateLimiter } from '../../infrastructure/redis/rate-limiter.ts';

/** The configured limits, counted in Redis if it is configured, otherwise in memory. */
export const createRateLimits = (
  { windowSeconds, maxPerUser, maxPerAddress }: Settings['rateLimits'],
  redis: RedisConnection | null,
): RateLimits => {
  const limiter = (name: string, max: number): RateLimiter | null => {
    const rule = { max, windowSeconds };
    if (max === 0) return null;
    return redis === null ? memoryRateLimiter(rule) : redisRateLimiter(redis, name, rule);
  };
  return { perUser: limiter('user', maxPerUser), perAddress: limiter('address', maxPerAddress) };
};
