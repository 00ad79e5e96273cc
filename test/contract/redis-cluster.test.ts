import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import type { Observation } from '../../src/application/ports/observer.ts';
import { checkRedis } from '../../src/bootstrap/check-services.ts';
import { loggableError } from '../../src/infrastructure/observability/loggable-error.ts';
import { connectRedis } from '../../src/infrastructure/redis/connection.ts';
import { redisRateLimiter } from '../../src/infrastructure/redis/rate-limiter.ts';
import { freePort } from '../support/processes/free-port.ts';
import { isListening } from '../support/processes/is-listening.ts';
import { startProgram } from '../support/processes/program.ts';
import { startTestRedis, transitionsOf } from '../support/processes/redis.ts';
import { scratchFolder } from '../support/processes/scratch-folder.ts';
import { until } from '../support/until.ts';

interface Node {
  readonly url: string;
  readonly port: number;
  readonly busPort: number;
  readonly send: (...command: readonly string[]) => Promise<unknown>;
}

describe('Redis Cluster', function () {
  this.timeout(60_000);
  const opened = new AsyncDisposableStack();
  after(() => opened.disposeAsync());
  let first: Node;
  let second: Node;

  before(async function () {
    const redis = await startTestRedis();
    await redis?.[Symbol.asyncDispose]();
    if (redis?.kind !== 'redis-server') {
      console.log('Skipped: Redis Cluster (redis-server is not installed).');
      this.skip();
    }
    first = await startNode();
    second = await startNode();
  });

  const startNode = async (): Promise<Node> => {
    const { folder } = opened.use(await scratchFolder());
    const [port, busPort] = [await freePort(), await freePort()];
    const rules = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', ''];
    const cluster = ['--cluster-enabled', 'yes', '--cluster-port', `${busPort}`];
    const options = { cwd: folder, environment: { PATH: process.env['PATH'] } };
    opened.use(await startProgram(['redis-server', ...rules, ...cluster], options));
    await until('redis-server listens', () => isListening(port));
    const url = `redis://127.0.0.1:${port}`;
    const client = createClient({ url });
    opened.defer(() => client.destroy());
    await client.connect();
    return { url, port, busPort, send: (...command) => client.sendCommand([...command]) };
  };

  const isComplete = async ({ send }: Node): Promise<boolean> =>
    String(await send('CLUSTER', 'INFO')).includes('cluster_state:ok');

  const expectRefused = async (url: string, code: RegExp): Promise<void> => {
    const { failures, notes, refusals } = await checkRedis({ redisUrl: url });
    expect([notes, refusals]).to.deep.equal([[], []]);
    expect(failures.join('\n'))
      .to.match(/^Redis cannot count requests: .*Redis Cluster, which is not supported\. Set REDIS_URL to /)
      .and.match(code);

    const seen: Observation[] = [];
    await using redis = await connectRedis(url, (observation) => seen.push(observation));
    const limiter = redisRateLimiter(redis, 'test', { max: 2, windowSeconds: 60 });
    for (let n = 0; n < 50; n += 1) expect((await limiter.take(randomUUID())).remaining).to.equal(1);
    await until('the server is probed again', () => seen.length > 1);
    expect([redis.isReady, transitionsOf(seen)]).to.deep.equal([false, ['redis_lost']]);
    const [lost] = seen;
    expect(JSON.stringify(lost?.type === 'redis_lost' ? loggableError(lost.error) : {})).to.match(code);
  };

  it('given a node without slots: lost, and said to be a cluster', async () => {
    await expectRefused(first.url, /CLUSTERDOWN/);
  });

  it('given a node with half of the slots, and another one with the rest: both are lost', async () => {
    await first.send('CLUSTER', 'ADDSLOTSRANGE', '0', '8191');
    await second.send('CLUSTER', 'ADDSLOTSRANGE', '8192', '16383');
    await second.send('CLUSTER', 'SET-CONFIG-EPOCH', '2');
    await first.send('CLUSTER', 'MEET', '127.0.0.1', `${second.port}`, `${second.busPort}`);
    await until('the cluster is complete', async () => (await isComplete(first)) && isComplete(second));
    await expectRefused(first.url, /MOVED/);
    await expectRefused(second.url, /MOVED/);
  });

  it('given a cluster of one node, which has all keys: counts', async () => {
    const alone = await startNode();
    await alone.send('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await until('the cluster is complete', () => isComplete(alone));
    expect(await checkRedis({ redisUrl: alone.url })).to.deep.include({ notes: ['Redis accepts writes.'] });
    await using redis = await connectRedis(alone.url, () => undefined);
    await until('Redis counts', () => redis.isReady);
  });
});
