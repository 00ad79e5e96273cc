import { createHash } from 'node:crypto';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { RateLimiter, RateRule } from '../../application/ports/rate-limiter.ts';
import { asRateLimiter, memoryCounter } from '../memory/rate-limiter.ts';
import type { RedisConnection } from './connection.ts';

/**
 * Counts for all instances that share the Redis and the name. While Redis is away each instance counts for itself, from
 * nothing, so that a limit still holds and no request fails.
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
      inMemoryBlockOnConsumed: rule.max + 1, // who is over the limit is told so without asking Redis again
      insuranceLimiter: memoryCounter(rule),
    }),
    rule,
  );

/** What the library uses of a client; its script is sent once, and known by its hash from then on. */
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
