import { createHash } from 'node:crypto';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimiter, RateRule } from '../../application/ports/rate-limiter.ts';
import { allowanceOf, expiringMap, memoryRateLimiter, type MonotonicClock } from '../memory/rate-limiter.ts';
import type { RedisConnection } from './connection.ts';
import { counterPrefix, countScript } from './count-script.ts';

/**
 * Counts requests in Redis, for all instances together. While Redis does not count, each instance counts in memory, starting
 * at zero, so that no request fails and a limit still applies. Windows are measured by Redis.
 */
export const redisRateLimiter = (
  redis: RedisConnection,
  name: string,
  rule: RateRule,
  perf: MonotonicClock = performance,
): RateLimiter => {
  const shared = new RateLimiterRedis({
    storeClient: storeClient(redis),
    useRedisPackage: true,
    rejectIfRedisNotReady: true,
    keyPrefix: `${counterPrefix}:${name}`,
    points: rule.max,
    duration: rule.windowSeconds,
    customIncrTtlLuaScript: countScript,
  });
  const local = memoryRateLimiter(rule, perf);
  // Further requests over the limit are rejected without a call to Redis. The library's own memory of them
  // (`inMemoryBlockOnConsumed`) uses the time of day.
  const exhausted = expiringMap<{ readonly taken: number }>(rule, perf);

  return {
    rule,
    take: async (key) => {
      const over = exhausted.get(key);
      if (over !== undefined) return allowanceOf(rule, over.taken, exhausted.getRemainingTTL(key));
      let result: unknown;
      try {
        result = await shared.consume(key);
      } catch (reason) {
        result = reason;
      }
      if (!(result instanceof RateLimiterRes)) return local.take(key);
      const { consumedPoints: taken, msBeforeNext } = result;
      if (taken > rule.max) exhausted.set(key, { taken }, { ttl: Math.max(1, msBeforeNext) });
      return allowanceOf(rule, taken, msBeforeNext);
    },
  };
};

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
