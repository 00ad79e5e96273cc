import { expect } from 'chai';
import { faultClient, type FaultClient } from '../../faults/clients/client.ts';
import { startServiceProcess, type ServiceProcess } from '../../faults/processes/service-process.ts';
import { numbers } from '../../support/in-batches.ts';
import { freshDatabase } from '../../support/postgres/postgres.ts';
import { startTestRedis } from '../../support/processes/redis.ts';
import { startTcpProxy, type TcpProxy } from '../../support/processes/tcp-proxy.ts';
import { userId } from '../../support/tasks/tasks.ts';
import { tokenFor } from '../../support/tokens/tokens.ts';
import { timed } from '../../support/until.ts';

/** Writes through one instance, and reads through another, which caches lists. */
const writeAndRead = async (
  client: FaultClient,
  writer: ServiceProcess | undefined,
  reader: ServiceProcess | undefined,
): Promise<void> => {
  const send = async (service: ServiceProcess | undefined, method: string, path: string, json?: unknown) => {
    const [response, milliseconds] = await timed(() => client.send(service?.port ?? 0, method, path, json));
    expect(milliseconds, `${method} ${path}`).to.be.below(1000);
    return response;
  };
  const { json: first } = await send(writer, 'POST', '/api/tasks', { title: 'first' });
  const id = String(Reflect.get(Object(first), 'id'));
  for (const n of numbers(10)) {
    const title = `change ${n}`;
    const written = await send(writer, 'PUT', `/api/tasks/${id}`, { title });
    expect(written.status).to.equal(200);
    expect((await send(reader, 'GET', `/api/tasks/${id}`)).json).to.deep.equal(written.json);
    expect((await send(reader, 'GET', '/api/tasks')).json).to.deep.equal([written.json]);
  }
  expect((await send(writer, 'DELETE', `/api/tasks/${id}`)).status).to.equal(204);
  expect((await send(reader, 'GET', `/api/tasks/${id}`)).status).to.equal(404);
  expect((await send(reader, 'GET', '/api/tasks')).json).to.deep.equal([]);

  const { json: last } = await send(writer, 'POST', '/api/tasks', { title: 'last' });
  expect((await send(reader, 'GET', '/api/tasks')).json).to.deep.equal([last]);
  expect((await send(writer, 'DELETE', '/api/me')).status).to.equal(204);
  expect((await send(reader, 'GET', '/api/tasks')).json).to.deep.equal([]);
};

describe('two production instances on one database, without Redis', function () {
  this.timeout(60_000);
  const opened = new AsyncDisposableStack();
  let [one, other]: ServiceProcess[] = [];

  before(async () => {
    const database = await freshDatabase();
    opened.defer(database.drop);
    const environment = { NODE_ENV: 'production', DATABASE_URL: database.url, RATE_LIMIT_MAX: '1000000' };
    const start = async () => opened.use(await startServiceProcess(environment));
    [one, other] = await Promise.all([start(), start()]);
  });
  after(() => opened.disposeAsync());

  it('given writes through one: reads through the other are never stale', async () => {
    const client = faultClient(await tokenFor(userId()));
    await writeAndRead(client, one, other);
    await writeAndRead(client, other, one);
    client.close();
  });
});

describe('two instances on one database, with Redis', function () {
  this.timeout(60_000);
  const opened = new AsyncDisposableStack();
  let [one, other]: ServiceProcess[] = [];
  /** The proxy between each instance and Redis. */
  let proxies: readonly TcpProxy[] = [];
  let client: FaultClient;

  before(async function () {
    const redis = await startTestRedis();
    if (redis === null) this.skip(); // startTestRedis has printed the reason
    opened.use(redis);
    const database = await freshDatabase();
    opened.defer(database.drop);
    const start = async (): Promise<[TcpProxy, ServiceProcess]> => {
      const proxy = opened.use(await startTcpProxy(redis.url));
      const environment = { DATABASE_URL: database.url, REDIS_URL: proxy.url, RATE_LIMIT_MAX: '1000000' };
      return [proxy, opened.use(await startServiceProcess(environment))];
    };
    const started = await Promise.all([start(), start()]);
    proxies = started.map(([proxy]) => proxy);
    [one, other] = started.map(([, service]) => service);
  });
  beforeEach(async () => {
    client = faultClient(await tokenFor(userId()));
  });
  afterEach(async () => {
    client.close();
    for (const proxy of proxies) await proxy.mend();
  });
  after(() => opened.disposeAsync());

  it('given Redis: reads through one show the acknowledged writes of the other', async () => {
    await writeAndRead(client, one, other);
    await writeAndRead(client, other, one);
  });

  it('given a writer without a connection to Redis: reads are not stale', async () => {
    await proxies[0]?.cut();
    await writeAndRead(client, one, other);
    await writeAndRead(client, other, one);
  });

  it('given a writer to which Redis does not respond: reads are not stale', async () => {
    proxies[0]?.freeze();
    await writeAndRead(client, one, other);
    await writeAndRead(client, other, one);
  });

  it('given two instances without a connection to Redis: reads are not stale', async () => {
    for (const proxy of proxies) await proxy.cut();
    await writeAndRead(client, one, other);
    await writeAndRead(client, other, one);
  });
});
