import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from 'redis';
import { z } from 'zod';
import type { Observation } from '../../src/application/ports/observer.ts';
import { connectRedis, type RedisConnection } from '../../src/infrastructure/redis/connection.ts';
import { redisRateLimiter } from '../../src/infrastructure/redis/rate-limiter.ts';
import { loggableError } from '../../src/infrastructure/observability/loggable-error.ts';
import { startTestRedis, transitionsOf } from '../support/processes/redis.ts';
import { until } from '../support/until.ts';

const rule = { max: 2, windowSeconds: 60 };

describe('Redis that is connected and refuses to count', function () {
  this.timeout(60_000);
  const opened = new AsyncDisposableStack();
  const observations: Observation[] = [];
  let redis: RedisConnection;
  let url: string;
  let configure: (...command: readonly string[]) => Promise<unknown>;

  before(async function () {
    const server = await startTestRedis();
    if (server === null) this.skip();
    opened.use(server);
    // The tests change the settings of the server.
    if (server.kind !== 'redis-server') {
      console.log('Skipped: Redis that refuses to count (redis-server is not installed).');
      this.skip();
    }
    url = server.url;
    const client = createClient({ url });
    opened.defer(() => client.destroy());
    await client.connect();
    configure = (...command) => client.sendCommand([...command]);
    redis = opened.use(await connectRedis(url, (observation) => observations.push(observation)));
  });
  after(() => opened.disposeAsync());

  const types = (): readonly string[] => transitionsOf(observations);
  const lossesIn = (seen: readonly Observation[]): readonly string[] =>
    seen.flatMap((one) => (one.type === 'redis_lost' ? JSON.stringify(loggableError(one.error)) : []));

  /** Counts in Redis, makes it refuse, counts in memory, makes it count again. */
  const expectLocalCounting = async (
    refuse: () => Promise<unknown>,
    recover: () => Promise<unknown>,
    code: RegExp,
  ) => {
    await until('Redis counts', () => redis.isReady, 10_000);
    observations.length = 0;
    const limiter = redisRateLimiter(redis, 'test', rule);
    const key = randomUUID();
    expect((await limiter.take(key)).remaining).to.equal(1);
    await refuse();
    try {
      const taken = [];
      for (let time = 0; time < 4; time += 1) taken.push(await limiter.take(key));
      expect(taken.map(({ allowed }) => allowed)).to.deep.equal([true, true, false, false]);
      await until('the loss is observed', () => !redis.isReady);
      for (let time = 0; time < 20; time += 1) await limiter.take(randomUUID());
      expect(types()).to.deep.equal(['redis_lost']);
      expect(lossesIn(observations)[0]).to.match(code);
    } finally {
      await recover();
    }
    await until('Redis counts again', () => redis.isReady, 10_000);
    expect(types()).to.deep.equal(['redis_lost', 'redis_recovered']);
    expect((await limiter.take(key)).remaining).to.equal(0);
  };

  it('given a server that becomes a replica: counts in memory, logs once, recovers', async () => {
    await expectLocalCounting(
      () => configure('REPLICAOF', '127.0.0.1', '1'),
      () => configure('REPLICAOF', 'NO', 'ONE'),
      /READONLY/,
    );
  });

  it('given a server without memory: counts in memory, logs once, recovers', async () => {
    await expectLocalCounting(
      () => configure('CONFIG', 'SET', 'maxmemory', '1'),
      () => configure('CONFIG', 'SET', 'maxmemory', '0'),
      /OOM/,
    );
  });

  it('given a user who may not run scripts any more: counts in memory, logs once, recovers', async () => {
    await expectLocalCounting(
      () => configure('ACL', 'SETUSER', 'default', '-eval', '-evalsha'),
      () => configure('ACL', 'SETUSER', 'default', '+eval', '+evalsha'),
      /NOPERM/,
    );
  });

  it('given a server that needs enough replicas: counts in memory, logs once, recovers', async () => {
    await expectLocalCounting(
      () => configure('CONFIG', 'SET', 'min-replicas-to-write', '1'),
      () => configure('CONFIG', 'SET', 'min-replicas-to-write', '0'),
      /NOREPLICAS/,
    );
  });

  it('given a server that could not save its data: counts in memory, logs once, recovers', async () => {
    const { dir } = z.object({ dir: z.string() }).parse(await configure('CONFIG', 'GET', 'dir'));
    const inTheWay = join(dir, 'dump.rdb');
    const save = async (status: 'ok' | 'err'): Promise<void> => {
      await configure('BGSAVE');
      await until(`saved: ${status}`, async () =>
        String(await configure('INFO', 'persistence')).includes(`rdb_last_bgsave_status:${status}`),
      );
    };
    await expectLocalCounting(
      async () => {
        await mkdir(inTheWay);
        await configure('CONFIG', 'SET', 'save', '3600 1000000');
        await save('err');
      },
      async () => {
        await rmdir(inTheWay);
        await save('ok');
        await configure('CONFIG', 'SET', 'save', '');
      },
      /MISCONF/,
    );
  });

  it('given no traffic: the loss and the recovery are observed', async () => {
    await until('Redis counts', () => redis.isReady, 10_000);
    observations.length = 0;
    await configure('REPLICAOF', '127.0.0.1', '1');
    await until('the loss is observed', () => types().includes('redis_lost'));
    await configure('REPLICAOF', 'NO', 'ONE');
    await until('the recovery is observed', () => types().includes('redis_recovered'));
    expect(redis.isReady).to.equal(true);
  });

  it('given a connection without the password: lost from the beginning, observed once', async () => {
    await configure('CONFIG', 'SET', 'requirepass', 'hunter2');
    const seen: Observation[] = [];
    try {
      await using late = await connectRedis(url, (observation) => seen.push(observation));
      expect(late.isReady).to.equal(false);
      expect((await redisRateLimiter(late, 'test', rule).take(randomUUID())).remaining).to.equal(1);
      await configure('CONFIG', 'SET', 'requirepass', '');
      await until('Redis counts', () => late.isReady, 10_000);
    } finally {
      await configure('CONFIG', 'SET', 'requirepass', '');
    }
    expect(transitionsOf(seen)).to.deep.equal(['redis_lost', 'redis_recovered']);
  });

  it('given a server that comes back with another password: the new cause is observed as well', async () => {
    const seen: Observation[] = [];
    const withPassword = new URL(url);
    withPassword.password = 'hunter2';
    await configure('CONFIG', 'SET', 'requirepass', 'hunter2');
    try {
      await using late = await connectRedis(withPassword.href, (observation) => seen.push(observation));
      expect(late.isReady).to.equal(true);
      await configure('CONFIG', 'SET', 'requirepass', 'changed');
      await configure('CLIENT', 'KILL', 'TYPE', 'normal');
      await until('the new cause is observed', () => lossesIn(seen).some((one) => one.includes('WRONGPASS')));
      expect(lossesIn(seen)[0]).not.to.include('WRONGPASS');
      expect(seen.map((one) => one.type === 'redis_lost' && one.isFirst).indexOf(true, 1)).to.equal(-1);
    } finally {
      await configure('CONFIG', 'SET', 'requirepass', '');
    }
  });

  it('given a counter of another type: this key is counted in memory, Redis is not lost', async () => {
    await until('Redis counts', () => redis.isReady, 10_000);
    observations.length = 0;
    const key = randomUUID();
    await configure('LPUSH', `taskhold:limit:test:${key}`, 'x');
    const limiter = redisRateLimiter(redis, 'test', rule);
    const taken = [];
    for (let time = 0; time < 3; time += 1) taken.push((await limiter.take(key)).allowed);
    expect(taken).to.deep.equal([true, true, false]);
    await until('the probe is answered', async () => (await limiter.take(randomUUID())).remaining === 1);
    expect([redis.isReady, types()]).to.deep.equal([true, []]);
  });

  it('given a server whose clock was set back: the rest of a window is never longer than a window', async () => {
    await until('Redis counts', () => redis.isReady, 10_000);
    const key = randomUUID();
    const limiter = redisRateLimiter(redis, 'test', rule);
    await limiter.take(key);
    // What a clock set back by an hour does to a counter.
    await configure('PEXPIRE', `taskhold:limit:test:${key}`, '3660000');
    expect(await limiter.take(key)).to.deep.equal({ allowed: true, remaining: 0, resetSeconds: 60 });
    expect(await configure('PTTL', `taskhold:limit:test:${key}`)).to.be.within(50_000, 60_000);
  });
});
