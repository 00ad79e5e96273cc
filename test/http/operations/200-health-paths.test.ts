import { expect } from 'chai';
import type { HealthCheck } from '../../../src/application/ports/health-check.ts';
import { ownService } from '../../support/http/suites.ts';
import { timed, until } from '../../support/until.ts';

describe('/health/live and /health/ready', () => {
  const store = { isReady: true, calls: 0, hangs: false };
  const health: HealthCheck = {
    isReady: () => {
      store.calls += 1;
      return store.hangs ? new Promise(() => undefined) : Promise.resolve(store.isReady);
    },
    problem: () => (store.isReady ? null : 'too_many_connections'),
  };
  const service = ownService({ overrides: { health } });
  const listeners = () => [service().anonymous, service().operations];
  const status = async (path: string) => (await service().operations.get(path)).status;

  beforeEach(async () => {
    Object.assign(store, { isReady: true, hangs: false });
    await until('ready', async () => (await status('/health/ready')) === 200);
  });

  it('given a reachable store: 200 on both listeners without a token, for GET and HEAD', async () => {
    for (const client of listeners()) {
      const live = await client.get('/health/live');
      expect([live.status, live.text]).to.deep.equal([200, '{"status":"live"}']);
      const ready = await client.get('/health/ready');
      expect([ready.status, ready.text]).to.deep.equal([200, '{"status":"ready"}']);
      for (const { headers } of [live, ready]) expect(headers['cache-control']).to.equal('no-store');
      expect((await client.head('/health/live')).status).to.equal(200);
      expect((await client.head('/health/ready')).status).to.equal(200);
      expect((await client.post('/health/ready', {})).status).to.equal(405);
    }
  });

  it('given a store that cannot be used: live 200, and ready 503 with the reason; once reachable again: ready 200', async () => {
    store.isReady = false;
    await until('not ready', async () => (await status('/health/ready')) === 503, 1_500);
    for (const client of listeners()) {
      const ready = await client.get('/health/ready');
      expect([ready.status, ready.text]).to.deep.equal([
        503,
        '{"status":"not_ready","reason":"too_many_connections"}',
      ]);
      expect((await client.get('/health/live')).status).to.equal(200);
    }
    expect((await service().anonymous.get('/health')).status).to.equal(503);
    store.isReady = true;
    await until('ready', async () => (await status('/health/ready')) === 200, 500);
  });

  it('given a store that hangs: responses within a second', async () => {
    store.hangs = true;
    await until('not ready', async () => {
      const [answer, milliseconds] = await timed(() => service().anonymous.get('/health/ready'));
      expect(milliseconds).to.be.lessThan(1_000);
      return answer.text === '{"status":"not_ready","reason":"timeout"}';
    });
    expect((await service().anonymous.get('/health/live')).status).to.equal(200);
  });

  it('given 200 concurrent requests: the store is checked at most every 500 ms', async () => {
    const before = store.calls;
    const [answers, milliseconds] = await timed(() =>
      Promise.all(Array.from({ length: 200 }, () => service().anonymous.get('/health'))),
    );
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    expect(store.calls - before).to.be.at.most(1 + milliseconds / 500);
  });
});

describe('health of a service that is shutting down', () => {
  const service = ownService();

  it('given a shutdown: ready 503, live 200, and each connection is closed after its next response', async () => {
    const user = await service().user();
    expect((await user.get('/api/tasks')).headers['connection']).to.equal('keep-alive');
    service().prepareToStop();
    for (const client of [service().anonymous, service().operations]) {
      const ready = await client.get('/health/ready');
      expect([ready.status, ready.text]).to.deep.equal([503, '{"status":"not_ready","reason":"stopping"}']);
      expect(ready.headers['connection']).to.equal('close');
      expect((await client.get('/health/live')).status).to.equal(200);
    }
    expect((await service().anonymous.get('/health')).status).to.equal(503);
    const created = await user.post('/api/tasks', { title: 'At the last moment' });
    expect([created.status, created.headers['connection']]).to.deep.equal([201, 'close']);
    expect((await user.get('/api/nothing')).headers['connection']).to.equal('close');
  });
});

describe('paths of the operations listener', () => {
  const service = ownService();

  it('given a path of the API: 404', async () => {
    for (const path of ['/api/tasks', '/health', '/docs', '/'])
      expect((await service().operations.get(path)).status, path).to.equal(404);
  });

  it('given a health probe: nothing is logged', async () => {
    await service().operations.get('/health/ready');
    expect(service().observations).to.deep.equal([]);
  });
});
