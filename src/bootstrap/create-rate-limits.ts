import type { RateLimiter, RateLimits } from '../application/ports/rate-limiter.ts';
import type { Config } from '../config/config.ts';
import { memoryRateLimiter } from '../infrastructure/memory/rate-limiter.ts';
import type { RedisConnection } from '../infrastructure/redis/connection.ts';
import { redisRateLimiter } from '../infrastructure/redis/rate-limiter.ts';

/** The limits that are configured, counted in Redis where there is one. */
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

/** Several users can share an address. Without a limit for users there is none for addresses, unless it is configured. */
const addressMax = ({ RATE_LIMIT_MAX, RATE_LIMIT_ADDRESS_MAX }: Config): number =>
  RATE_LIMIT_ADDRESS_MAX ?? (RATE_LIMIT_MAX === 0 ? 0 : Math.max(1200, 4 * RATE_LIMIT_MAX));
