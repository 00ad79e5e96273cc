import { expect } from 'chai';
import { createClient } from 'redis';
import { loggableError } from '../../src/infrastructure/observability/loggable-error.ts';
import { startService, type Service } from '../support/http/service.ts';
import { sampleOf, samplesOf } from '../support/metrics.ts';
import { freePort } from '../support/processes/free-port.ts';
import { isListening } from '../support/processes/is-listening.ts';
import { startProgram } from '../support/processes/program.ts';
import { startTestRedis, transitionsOf } from '../support/processes/redis.ts';
import { until } from '../support/until.ts';

describe('Redis that loads its data', function () {
  this.timeout(60_000);
  const opened = new AsyncDisposableStack();
  after(() => opened.disposeAsync());

  /** A server that loads for some seconds; null where redis-server is not installed. */
  const startLoading = async (): Promise<string | null> => {
    const redis = await startTestRedis();
    if (redis === null) return null;
    opened.use(redis);
    if (redis.kind !== 'redis-server') return null;
    const client = createClient({ url: redis.url });
    await client.connect();
    await client.configSet('rdbcompression', 'no'); // it replies once per KiB that it loads
    await client.eval(`for n = 1, 4000 do redis.call('set', 'key ' .. n, string.rep('v', 200)) end`);
    await client.sendCommand(['SAVE']);
    const { dir = '' } = await client.configGet('dir');
    client.destroy();
    const port = await freePort();
    const slowly = ['--key-load-delay', '1000', '--loading-process-events-interval-bytes', '1024'];
    const rules = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', dir, ...slowly];
    const options = { cwd: dir, environment: { PATH: process.env['PATH'] } };
    opened.use(await startProgram(['redis-server', ...rules], options));
    await until('redis-server listens', () => isListening(port));
    return `redis://127.0.0.1:${port}`;
  };

  const isUp = async ({ operations }: Service): Promise<number> =>
    sampleOf(samplesOf((await operations.get('/metrics')).text), 'redis_up');

  it('given a start meanwhile: requests are counted in memory, redis_up is 0, and 1 once the data is loaded', async function () {
    const url = await startLoading();
    if (url === null) {
      console.log('Skipped: Redis that loads its data (redis-server is not installed).');
      this.skip();
    }
    await using service = await startService({ environment: { REDIS_URL: url, RATE_LIMIT_MAX: '2' } });
    const user = await service.user();
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await user.get('/api/tasks')).status);
    expect([statuses, await isUp(service)]).to.deep.equal([[200, 200, 429], 0]);
    await until('Redis counts', async () => (await isUp(service)) === 1, 20_000);
    expect((await user.get('/api/tasks')).headers['ratelimit']).to.match(/r=1/);
    const redis = service.observations.filter(({ type }) => type.startsWith('redis'));
    expect(transitionsOf(redis)).to.deep.equal(['redis_lost', 'redis_recovered']);
    const [lost] = redis;
    const error = lost !== undefined && 'error' in lost ? loggableError(lost.error) : {};
    expect(JSON.stringify(error)).to.include('LOADING');
  });
});
