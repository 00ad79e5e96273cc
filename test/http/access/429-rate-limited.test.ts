import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Answer } from '../../support/http/http-client.ts';
import { problemOf } from '../../support/http/response-schemas.ts';
import { startTestRedis } from '../../support/processes/redis.ts';
import { startService } from '../../support/http/service.ts';
import { ownService } from '../../support/http/suites.ts';
import { signed } from '../../support/tokens/tokens.ts';

const absent = '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa';
const preflight = { origin: 'http://localhost:3000', 'access-control-request-method': 'GET' };

const rateLimitField = z.string().regex(/^"default";r=\d+;t=\d+$/);
const remaining = (answer: Answer): number =>
  Number(/;r=(\d+)/.exec(rateLimitField.parse(answer.headers['ratelimit']))?.[1]);
const reset = (answer: Answer): number =>
  Number(/;t=(\d+)/.exec(rateLimitField.parse(answer.headers['ratelimit']))?.[1]);

describe('429 for a user', () => {
  const service = ownService({ environment: { RATE_LIMIT_MAX: '5' } });

  it('given one request over the limit: 429 with Retry-After', async () => {
    const user = await service().user();
    for (const expected of [4, 3, 2, 1, 0]) {
      const answer = await user.get('/api/tasks');
      expect(answer.status).to.equal(200);
      expect(answer.headers['ratelimit-policy']).to.equal('"default";q=5;w=60');
      expect(remaining(answer)).to.equal(expected);
      expect(reset(answer)).to.be.within(55, 60);
    }
    const refused = await user.get('/api/tasks');
    expect(refused.status).to.equal(429);
    expect(problemOf(refused).code).to.equal('rate_limited');
    expect(remaining(refused)).to.equal(0);
    expect(Number(refused.headers['retry-after'])).to.equal(reset(refused));
    expect(refused.headers['ratelimit-policy']).to.equal('"default";q=5;w=60');
    expect(service().observations.filter(({ type }) => type === 'rate_limited')).to.have.length(1);
  });

  it('given a spent limit: 429 before owner, path, body and method are checked', async () => {
    const user = await service().user();
    for (let time = 0; time < 5; time += 1) await user.get('/api/tasks');
    for (const answer of [
      await user.get('/api/somebody-else/tasks'),
      await user.get('/api/nothing'),
      await user.post('/api/tasks', { title: '' }),
      await user.options('/api/tasks'),
    ])
      expect(answer.status).to.equal(429);
  });

  it('given a valid token: every request counts, whatever its status', async () => {
    const user = await service().user();
    const malformed = { headers: { 'content-type': 'application/json' }, body: '{' };
    const answers = [
      await user.get('/api/somebody-else/tasks'),
      await user.get(`/api/tasks/${absent}`),
      await user.delete('/api/tasks'),
      await user.post('/api/tasks', { title: '' }),
      await user.send('POST', '/api/tasks', malformed),
    ];
    expect(answers.map(({ status }) => status)).to.deep.equal([403, 404, 405, 422, 400]);
    expect(answers.map(remaining)).to.deep.equal([4, 3, 2, 1, 0]);
  });

  it('given preflights, refused tokens, other users or health checks: not counted', async () => {
    const user = await service().user();
    expect(remaining(await user.get('/api/tasks'))).to.equal(4);
    const forged = await signed(
      { sub: user.id, exp: 4_000_000_000 },
      'another secret of more than 32 bytes long',
    );
    const expired = await signed({ sub: user.id, exp: 1_000_000_000 });
    const other = await service().user();
    const { anonymous } = service();
    for (let time = 0; time < 6; time += 1) {
      const refusals = [
        await anonymous.get('/api/tasks', { headers: { authorization: `Bearer ${forged}` } }),
        await anonymous.get('/api/tasks', { headers: { authorization: `Bearer ${expired}` } }),
        await anonymous.get('/api/tasks'),
      ];
      for (const { status, headers } of refusals) {
        expect(status).to.equal(401);
        expect(headers).not.to.have.any.keys('ratelimit', 'ratelimit-policy');
      }
      expect((await anonymous.options('/api/tasks', { headers: preflight })).status).to.equal(204);
      expect((await anonymous.get('/health')).status).to.equal(200);
      await other.get(user.lists.named);
    }
    expect(remaining(await user.get('/api/tasks'))).to.equal(3);
  });
});

describe('429 for an address', () => {
  const service = ownService({ environment: { RATE_LIMIT_ADDRESS_MAX: '3', TRUST_PROXY_HOPS: '1' } });
  const from = (address: string) => ({ headers: { 'x-forwarded-for': `198.51.100.7, ${address}` } });

  it('given a spent limit: 429 before the token is checked', async () => {
    const user = await service().user();
    const { anonymous } = service();
    for (const client of [anonymous, user, anonymous])
      expect((await client.get('/api/tasks', from('203.0.113.1'))).status).not.to.equal(429);
    for (const client of [anonymous, user]) {
      const refused = await client.get('/api/tasks', from('203.0.113.1'));
      expect(refused.status).to.equal(429);
      expect(problemOf(refused).code).to.equal('rate_limited');
      expect(Number(refused.headers['retry-after'])).to.be.within(55, 60);
      expect(refused.headers).not.to.have.property('ratelimit');
    }
    expect((await user.get('/api/tasks', from('203.0.113.2'))).status).to.equal(200);
  });

  it('given preflights or paths outside /api: not counted', async () => {
    const { anonymous } = service();
    for (let time = 0; time < 5; time += 1) {
      const headers = { ...preflight, ...from('203.0.113.3').headers };
      expect((await anonymous.options('/api/tasks', { headers })).status).to.equal(204);
      expect((await anonymous.get('/health', from('203.0.113.3'))).status).to.equal(200);
    }
    expect((await anonymous.get('/api/tasks', from('203.0.113.3'))).status).to.equal(401);
  });
});

describe('429 for an address behind an untrusted proxy', () => {
  const environment = { RATE_LIMIT_ADDRESS_MAX: '3', TRUST_PROXY_HOPS: '1', TRUSTED_PROXIES: '192.0.2.0/24' };
  const service = ownService({ environment });

  it('given different X-Forwarded-For addresses: counted for the peer address', async () => {
    const { anonymous } = service();
    for (const last of [1, 2, 3, 4]) {
      const headers = { 'x-forwarded-for': `203.0.113.${last}` };
      expect((await anonymous.get('/api/tasks', { headers })).status).to.equal(last < 4 ? 401 : 429);
    }
  });
});

describe('429 with the default limit', () => {
  const service = ownService({ environment: { RATE_LIMIT_MAX: '' } });

  it('given 301 requests in a minute: 300 are allowed, one is 429', async () => {
    const user = await service().user();
    const answers = await Promise.all(Array.from({ length: 301 }, () => user.get('/api/nothing')));
    expect(answers.filter(({ status }) => status === 404)).to.have.length(300);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).to.have.length(1);
    expect(refused[0]?.headers['ratelimit-policy']).to.equal('"default";q=300;w=60');
    const counts = answers.filter(({ status }) => status === 404).map(remaining);
    expect(counts.toSorted((a, b) => b - a)).to.deep.equal(Array.from({ length: 300 }, (_, n) => 299 - n));
  });
});

describe('429 with the limit off', () => {
  const service = ownService({ environment: { RATE_LIMIT_MAX: '0' } });

  it('given RATE_LIMIT_MAX=0: no RateLimit header fields', async () => {
    const user = await service().user();
    const { headers } = await user.get('/api/tasks');
    expect(headers).not.to.have.any.keys('ratelimit', 'ratelimit-policy');
  });
});

describe('429 with two instances that share one Redis', () => {
  const opened = new AsyncDisposableStack();
  after(() => opened.disposeAsync());

  it('given a limit spent across both instances: both return 429', async function () {
    this.timeout(60_000);
    const redis = await startTestRedis();
    if (redis === null) this.skip();
    opened.use(redis);
    const environment = { RATE_LIMIT_MAX: '4', REDIS_URL: redis.url };
    const one = opened.use(await startService({ environment }));
    const two = opened.use(await startService({ environment }));
    const name = `shared-${randomUUID()}`;
    const [here, there] = [await one.user(name), await two.user(name)];
    expect(remaining(await here.get('/api/tasks'))).to.equal(3);
    expect(remaining(await there.get('/api/tasks'))).to.equal(2);
    expect(remaining(await here.get('/api/tasks'))).to.equal(1);
    expect(remaining(await there.get('/api/tasks'))).to.equal(0);
    expect((await here.get('/api/tasks')).status).to.equal(429);
    expect((await there.get('/api/tasks')).status).to.equal(429);
  });
});
