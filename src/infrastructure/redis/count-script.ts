/**
 * Counts a request: KEYS[1] is the counter, ARGV[1] what to add, ARGV[2] the window in seconds. Returns the count and the
 * rest of the window in milliseconds. It is the script of rate-limiter-flexible with one more condition: a rest that is
 * longer than the window, because the clock of the Redis server was set back, becomes one window.
 */
export const countScript = `
redis.call('set', KEYS[1], 0, 'EX', ARGV[2], 'NX')
local consumed = redis.call('incrby', KEYS[1], ARGV[1])
local ttl = redis.call('pttl', KEYS[1])
if ttl < 0 or ttl > 1000 * ARGV[2] then
  redis.call('expire', KEYS[1], ARGV[2])
  ttl = 1000 * ARGV[2]
end
return {consumed, ttl}
`;

/** All counters have this prefix, so that an ACL can be limited to them. */
export const counterPrefix = 'taskhold:limit';
