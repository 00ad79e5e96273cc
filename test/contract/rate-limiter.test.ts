import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import type { Observation } from '../../src/application/ports/observer.ts';
import type { RateLimiter } from '../../src/application/ports/rate-limiter.ts';
import { memoryRateLimiter } from '../../src/infrastructure/memory/rate-limiter.ts';
import { connectRedis, type RedisConnection } from '../../src/infrastructure/redis/connection.ts';
import { redisRateLimiter } from '../../src/infrastructure/redis/rate-limiter.ts';
import { startTestRedis, transitionsOf } from '../support/processes/redis.ts';
import { startTcpProxy, type TcpProxy } from '../support/processes/tcp-proxy.ts';
import { timed, until } from '../support/until.ts';
import { rateLimiterContract } from './rate-limiter.ts';

rateLimiterContract('memory', (rule) => memoryRateLimiter(rule));

describe('RateLimiter: memory, under a clock of the test', () => {
  it('given a window: counts until its last millisecond, and resetSeconds is never more than the window', async () => {
    let now = 1_000_000;
    const limiter = memoryRateLimiter({ max: 1, windowSeconds: 60 }, { now: () => now });
    expect(await limiter.take('a')).to.deep.equal({ allowed: true, remaining: 0, resetSeconds: 60 });
    now += 59_001;
    expect(await limiter.take('a')).to.deep.equal({ allowed: false, remaining: 0, resetSeconds: 1 });
    now += 998;
    expect((await limiter.take('a')).allowed).to.equal(false);
    now += 2;
    expect(await limiter.take('a')).to.deep.equal({ allowed: true, remaining: 0, resetSeconds: 60 });
  });
});

describe('rate limiting with Redis', () => {
  const opened = new AsyncDisposableStack();
  const observations: Observation[] = [];
  let proxy: TcpProxy;
  let redis: RedisConnection;

  before(async function () {
    this.timeout(120_000);
    const server = await startTestRedis();
    if (server === null) this.skip();
    opened.use(server);
    proxy = opened.use(await startTcpProxy(server.url));
    redis = opened.use(await connectRedis(proxy.url, (observation) => observations.push(observation)));
  });
  after(() => opened.disposeAsync());

  beforeEach(async () => {
    await proxy.mend();
    await until('Redis is connected', () => redis.isReady);
    observations.length = 0;
  });

  rateLimiterContract('Redis', (rule) => redisRateLimiter(redis, 'test', rule));

  const rule = { max: 3, windowSeconds: 60 };
  const users = (): RateLimiter => redisRateLimiter(redis, 'test', rule);

  it('given two instances: they share a count, and each name has its own', async () => {
    const key = randomUUID();
    await using other = await connectRedis(proxy.url, () => undefined);
    expect((await users().take(key)).remaining).to.equal(2);
    expect((await redisRateLimiter(other, 'test', rule).take(key)).remaining).to.equal(1);
    expect((await redisRateLimiter(other, 'other', rule).take(key)).remaining).to.equal(2);
    expect((await users().take(key)).remaining).to.equal(0);
  });

  it('given a lost Redis: counts in memory, reports it once, and uses Redis again once it is back', async () => {
    const limiter = users();
    const key = randomUUID();
    await limiter.take(key);
    await proxy.cut();
    const [taken, milliseconds] = await timed(() =>
      Promise.all(Array.from({ length: 50 }, () => limiter.take(key))),
    );
    expect(taken.filter(({ allowed }) => allowed)).to.have.length(3);
    // A wait of 100 ms for each would be 5 s.
    expect(milliseconds).to.be.lessThan(1_000);
    await until('the loss is reported', () => observations.length > 0);
    await proxy.mend();
    await until('Redis is back', () => redis.isReady);
    expect((await limiter.take(key)).remaining).to.equal(1);
    expect(transitionsOf(observations)).to.deep.equal(['redis_lost', 'redis_recovered']);
  });

  it('given a Redis that does not respond: waits for 100 ms once, not for every request', async () => {
    const limiter = users();
    const key = randomUUID();
    await limiter.take(key);
    proxy.freeze();
    const [first, waited] = await timed(() => limiter.take(key));
    expect(first).to.include({ allowed: true, remaining: 2 });
    expect(waited).to.be.within(90, 1_500);
    const [, next] = await timed(async () => {
      for (let time = 0; time < 20; time += 1) await limiter.take(key);
    });
    expect(next).to.be.lessThan(1_000); // a wait for each would be 2 s
    await proxy.mend();
    await until('Redis is back', () => redis.isReady, 10_000);
    expect(transitionsOf(observations)).to.deep.equal(['redis_lost', 'redis_recovered']);
  });

  it('given an unreachable Redis: connectRedis returns soon, and connects later', async () => {
    await proxy.cut();
    const seen: Observation[] = [];
    const [late, milliseconds] = await timed(() => connectRedis(proxy.url, (o) => seen.push(o)));
    opened.use(late);
    expect(milliseconds).to.be.lessThan(1_500);
    expect((await redisRateLimiter(late, 'test', rule).take(randomUUID())).remaining).to.equal(2);
    await proxy.mend();
    await until('Redis is connected', () => late.isReady);
    expect(transitionsOf(seen)).to.deep.equal(['redis_lost', 'redis_recovered']);
  });
});
