import type { RateLimiter, RateLimits } from '../application/ports/rate-limiter.ts';
import type { Config } from '../config/config.ts';
import { memoryRateLimiter } from '../infrastructure/memory/rate-limiter.ts';
import type { RedisConnection } from '../infrastructure/redis/connection.ts';
import { redisRateLimiter } from '../infrastructure/redis/rate-limiter.ts';

/** The configured limits, counted in Redis if it is configured, otherwise in memory. */
export const createRateLimits = (config: Config, redis: RedisConnection | null): RateLimits => {
  const limiter = (name: string, max: number): RateLimiter | null => {
    const rule = { max, windowSeconds: config.RATE_LIMIT_WINDOW_SECONDS };
    if (max === 0) return null;
    return redis === null ? memoryRateLimiter(rule) : redisRateLimiter(redis, name, rule);
  };
  return {
    perUser: limiter('user', config.RATE_LIMIT_MAX),
    perAddress: limiter('address', addressMax(config)),
  };
};

/** The default is higher than the limit for users, because several users can share an address; 0 if that limit is off. */
const addressMax = ({ RATE_LIMIT_MAX, RATE_LIMIT_ADDRESS_MAX }: Config): number =>
  RATE_LIMIT_ADDRESS_MAX ?? (RATE_LIMIT_MAX === 0 ? 0 : Math.max(1200, 4 * RATE_LIMIT_MAX));
