import { expect } from 'chai';
import { faultClient, type FaultClient } from '../faults/client.ts';
import { startServiceProcess, type ServiceProcess } from '../faults/service-process.ts';
import { numbers } from '../support/in-batches.ts';
import { freshDatabase } from '../support/postgres.ts';
import { startTestRedis } from '../support/redis.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { userId } from '../support/tasks.ts';
import { tokenFor } from '../support/tokens.ts';
import { timed } from '../support/until.ts';

describe('two instances on one database, with Redis', function () {
  this.timeout(60_000);
  const opened = new AsyncDisposableStack();
  let [one, other]: ServiceProcess[] = [];
  /** The way of each instance to Redis. */
  let ways: readonly TcpProxy[] = [];
  let client: FaultClient;

  before(async function () {
    const redis = await startTestRedis();
    if (redis === null) this.skip(); // the search for one has said so
    opened.use(redis);
    const database = await freshDatabase();
    opened.defer(database.drop);
    const start = async (): Promise<[TcpProxy, ServiceProcess]> => {
      const way = opened.use(await startTcpProxy(redis.url));
      const environment = { DATABASE_URL: database.url, REDIS_URL: way.url, RATE_LIMIT_MAX: '1000000' };
      return [way, opened.use(await startServiceProcess(environment))];
    };
    const started = await Promise.all([start(), start()]);
    ways = started.map(([way]) => way);
    [one, other] = started.map(([, service]) => service);
  });
  beforeEach(async () => {
    client = faultClient(await tokenFor(userId()));
  });
  afterEach(async () => {
    client.close();
    for (const way of ways) await way.mend();
  });
  after(() => opened.disposeAsync());

  const ask = async (service: ServiceProcess | undefined, method: string, path: string, json?: unknown) => {
    const [heard, milliseconds] = await timed(() => client.ask(service?.port ?? 0, method, path, json));
    expect(milliseconds, `${method} ${path}`).to.be.below(1000);
    return heard;
  };

  /** Writes through one instance, and reads what must be there through the other, which keeps what it has read. */
  const writeAndRead = async (writer: ServiceProcess | undefined, reader: ServiceProcess | undefined) => {
    const { json: first } = await ask(writer, 'POST', '/api/tasks', { title: 'first' });
    const id = String(Reflect.get(Object(first), 'id'));
    for (const n of numbers(10)) {
      const title = `change ${n}`;
      const written = await ask(writer, 'PUT', `/api/tasks/${id}`, { title });
      expect(written.status).to.equal(200);
      expect((await ask(reader, 'GET', `/api/tasks/${id}`)).json).to.deep.equal(written.json);
      expect((await ask(reader, 'GET', '/api/tasks')).json).to.deep.equal([written.json]);
    }
    expect((await ask(writer, 'DELETE', `/api/tasks/${id}`)).status).to.equal(204);
    expect((await ask(reader, 'GET', `/api/tasks/${id}`)).status).to.equal(404);
    expect((await ask(reader, 'GET', '/api/tasks')).json).to.deep.equal([]);
  };

  it('show what the other has acknowledged', async () => {
    await writeAndRead(one, other);
    await writeAndRead(other, one);
  });

  it('show it where the writer alone has lost Redis', async () => {
    await ways[0]?.cut();
    await writeAndRead(one, other);
    await writeAndRead(other, one);
  });

  it('show it where Redis does not answer the writer alone', async () => {
    ways[0]?.freeze();
    await writeAndRead(one, other);
    await writeAndRead(other, one);
  });

  it('show it where Redis is gone', async () => {
    for (const way of ways) await way.cut();
    await writeAndRead(one, other);
    await writeAndRead(other, one);
  });
});
