import { createHash } from 'node:crypto';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { RateLimiter, RateRule } from '../../application/ports/rate-limiter.ts';
import { asRateLimiter, memoryCounter } from '../memory/rate-limiter.ts';
import type { RedisConnection } from './connection.ts';

/**
 * Counts requests in Redis, for all instances together. While Redis is unavailable each instance counts in memory, starting
 * at zero, so that no request fails and a limit still applies.
 */
export const redisRateLimiter = (redis: RedisConnection, name: string, rule: RateRule): RateLimiter =>
  asRateLimiter(
    new RateLimiterRedis({
      storeClient: storeClient(redis),
      useRedisPackage: true,
      rejectIfRedisNotReady: true,
      keyPrefix: `taskhold:limit:${name}`,
      points: rule.max,
      duration: rule.windowSeconds,
      inMemoryBlockOnConsumed: rule.max + 1, // further requests over the limit are rejected without a call to Redis
      insuranceLimiter: memoryCounter(rule),
    }),
    rule,
  );

/** The part of a client that the library uses. Its script is sent in full once, afterwards by its hash (EVALSHA). */
const storeClient = (redis: RedisConnection) => {
  const hashes = new Map<string, string>();
  const hashOf = (script: string): string => {
    const known = hashes.get(script) ?? createHash('sha1').update(script).digest('hex');
    hashes.set(script, known);
    return known;
  };
  return {
    get isReady() {
      return redis.isReady;
    },
    eval: async (script: string, call: { readonly keys: string[]; readonly arguments: string[] }) => {
      const rest = [String(call.keys.length), ...call.keys, ...call.arguments];
      try {
        return await redis.send(['EVALSHA', hashOf(script), ...rest]);
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
        return redis.send(['EVAL', script, ...rest]);
      }
    },
  };
};
