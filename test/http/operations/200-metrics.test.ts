import { expect } from 'chai';
import { sampleOf, samplesOf, type Sample } from '../../support/metrics.ts';
import { ownService } from '../../support/http/suites.ts';
import { until } from '../../support/until.ts';

const absent = '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa';

describe('200 /metrics', () => {
  const service = ownService({
    store: 'PostgreSQL',
    environment: { RATE_LIMIT_MAX: '50', CACHE_MAX_OWNERS: '10' },
  });

  const scrape = async (): Promise<readonly Sample[]> => {
    const answer = await service().operations.get('/metrics');
    expect(answer.status).to.equal(200);
    expect(answer.headers['content-type']).to.match(/^text\/plain; version=0\.0\.4; charset=utf-8$/);
    return samplesOf(answer.text);
  };
  /** The number of responses with these labels in the histogram. */
  const responseCount = async (labels: Readonly<Record<string, string>>): Promise<number> =>
    sampleOf(await scrape(), 'http_request_duration_seconds_count', labels);

  it('given the public listener: 404', async () => {
    const user = await service().user();
    expect((await service().anonymous.get('/metrics')).status).to.equal(404);
    expect((await user.get('/metrics')).status).to.equal(404);
  });

  it('given responses: counted by method, route template and status only', async () => {
    const user = await service().user('somebody-with-a-name');
    await user.post('/api/tasks', { title: 'Buy milk' });
    await user.get(`${user.lists.named}/${absent}`);
    await user.get('/api/tasks?status=all');
    await user.get('/no/such/path/somebody-with-a-name');
    const list = { method: 'GET', route: '/api/tasks', status: '200' };
    await until('all responses are counted', async () => (await responseCount(list)) === 1);
    expect(await responseCount({ method: 'POST', route: '/api/tasks', status: '201' })).to.equal(1);
    expect(
      await responseCount({ method: 'GET', route: '/api/{user_id}/tasks/{id}', status: '404' }),
    ).to.equal(1);
    expect(await responseCount({ method: 'GET', route: 'none', status: '404' })).to.be.greaterThan(0);
    const samples = await scrape();
    for (const { name, labels } of samples.filter(({ name }) => name.startsWith('http_request_duration')))
      expect(
        Object.keys(labels).filter((label) => label !== 'le'),
        name,
      ).to.have.members(['method', 'route', 'status']);
    for (const { labels } of samples)
      for (const value of Object.values(labels)) expect(value).not.to.match(/somebody|0199f0c2|milk/);
    const seconds = sampleOf(samples, 'http_request_duration_seconds_sum', list);
    expect(seconds).to.be.within(0.000_01, 5);
  });

  it('given uncommon methods: counted with the method label other', async () => {
    const { anonymous } = service();
    for (const method of ['PROPFIND', 'LOCK', 'TRACE']) await anonymous.send(method, '/api/tasks');
    await until('all responses are counted', async () => {
      const all = await scrape();
      return (
        sampleOf(all, 'http_request_duration_seconds_count', {
          method: 'other',
          route: 'none',
          status: '401',
        }) === 3
      );
    });
  });

  it('given requests: token checks, rate limits, cache reads, connections and waiting requests are counted', async () => {
    const before = await scrape();
    const user = await service().user();
    for (let time = 0; time < 51; time += 1) await user.get('/api/tasks');
    await service().anonymous.get('/api/tasks', { headers: { authorization: 'Bearer forged' } });
    await until('all responses are counted', async () => {
      const after = await scrape();
      const grown = (name: string, labels: Readonly<Record<string, string>> = {}) =>
        sampleOf(after, name, labels) - sampleOf(before, name, labels);
      return (
        grown('token_verifications_total', { outcome: 'verified' }) === 51 &&
        grown('token_verifications_total', { outcome: 'refused' }) === 1 &&
        grown('rate_limited_requests_total', { scope: 'user' }) === 1 &&
        grown('cache_reads_total', { outcome: 'miss' }) === 1 &&
        grown('cache_reads_total', { outcome: 'hit' }) === 49
      );
    });
    const samples = await scrape();
    expect(sampleOf(samples, 'http_requests_in_flight')).to.equal(0);
    expect(sampleOf(samples, 'database_connections_max')).to.equal(10);
    expect(sampleOf(samples, 'database_connections', { state: 'used' })).to.equal(0);
    expect(sampleOf(samples, 'database_connections', { state: 'idle' })).to.be.greaterThan(0);
    expect(sampleOf(samples, 'database_requests_waiting')).to.equal(0);
  });

  it('given a scrape: metrics of build, event loop, CPU and memory', async () => {
    const names = (await scrape()).map(({ name }) => name);
    expect(names).to.include.members([
      'taskhold_build_info',
      'nodejs_eventloop_lag_p99_seconds',
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'nodejs_heap_size_used_bytes',
    ]);
  });
});
