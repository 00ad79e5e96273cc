import { expect } from 'chai';
import { openEvents, type EventReader } from '../../support/events/event-reader.ts';
import { startServiceProcess, type ServiceProcess } from '../../faults/processes/service-process.ts';
import { freshDatabase } from '../../support/postgres/postgres.ts';
import { connect } from '../../support/postgres/sql.ts';
import { routeTo } from '../../support/postgres/route.ts';
import { startMain } from '../../support/processes/main-program.ts';
import { startTcpProxy, type TcpProxy } from '../../support/processes/tcp-proxy.ts';
import { userId } from '../../support/tasks/tasks.ts';
import { tokenFor } from '../../support/tokens/tokens.ts';
import { timed } from '../../support/until.ts';

const create = async ({ port }: { port: number }, token: string): Promise<number> => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = '{"title":"Buy milk"}';
  return (await fetch(`http://127.0.0.1:${port}/api/tasks`, { method: 'POST', headers, body })).status;
};

describe('event streams of two instances on one database', function () {
  this.timeout(60_000);
  const opened = new AsyncDisposableStack();
  let databaseUrl: string;
  let proxy: TcpProxy;
  let instances: readonly ServiceProcess[] = [];

  before(async () => {
    const database = await freshDatabase();
    opened.defer(database.drop);
    databaseUrl = database.url;
    const route = await routeTo(database.url);
    proxy = opened.use(await startTcpProxy(route.url));
    const environment = {
      DATABASE_URL: proxy.url,
      DATABASE_PREPARED_STATEMENTS: String(route.preparedStatements),
    };
    const start = async () => opened.use(await startServiceProcess(environment));
    instances = await Promise.all([start(), start()]);
  });
  after(() => opened.disposeAsync());

  /** Streams of one user on both instances, after their first event. */
  const followOnBoth = async (token: string): Promise<readonly EventReader[]> => {
    const streams = await Promise.all(instances.map(({ port }) => openEvents({ port, token })));
    await Promise.all(streams.map((events) => events.untilEvents(1)));
    return streams;
  };

  it('given writes through one instance: each event within a second on both', async () => {
    const token = await tokenFor(userId());
    const streams = await followOnBoth(token);
    const milliseconds: number[] = [];
    for (let n = 1; n <= 10; n += 1) {
      expect(await create(instances[n % 2]!, token)).to.equal(201);
      const written = performance.now();
      await Promise.all(streams.map((events) => events.untilEvents(n + 1)));
      milliseconds.push(...streams.map(({ times }) => (times[n] ?? 0) - written));
    }
    expect(Math.max(...milliseconds)).to.be.below(1_000);
    for (const events of streams) {
      expect(events.revisions).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      events[Symbol.dispose]();
    }
    console.log(`      the slowest event: ${Math.round(Math.max(...milliseconds))} ms after its write`);
  });

  it('given a database that cannot be reached for two seconds: the streams go on when it is back', async () => {
    const token = await tokenFor(userId());
    const streams = await followOnBoth(token);
    await proxy.cut();
    expect(await create(instances[0]!, token)).to.be.oneOf([503, 504]);
    using during = await openEvents({ port: instances[0]!.port, token });
    await during.until(() => during.retries.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 2_000)); // the length of the outage, not a wait for something
    await proxy.mend();
    while ((await create(instances[0]!, token)) !== 201);
    await Promise.all(
      [...streams, during].map((events) => events.until(() => (events.revisions.at(-1) ?? 0) > 0)),
    );
    for (const events of streams) events[Symbol.dispose]();
    for (const instance of instances) expect(instance.errorLines()).to.deep.equal([]);
  });

  it('given a counter that went back, as after a failover: an event with the lower revision', async () => {
    const user = userId();
    const token = await tokenFor(user);
    for (let n = 0; n < 3; n += 1) await create(instances[0]!, token);
    const streams = await followOnBoth(token);
    await using session = await connect(databaseUrl);
    await session.run('UPDATE owners SET revision = 2 WHERE id = $1', [user]);
    await Promise.all(streams.map((events) => events.untilEvents(2)));
    for (const events of streams) {
      expect(events.revisions).to.deep.equal([3, 2]);
      events[Symbol.dispose]();
    }
  });
});

describe('event streams at SIGTERM', function () {
  this.timeout(60_000);

  it('given 100 open streams: all end complete with a retry of their own, and the exit code is 0 in time', async () => {
    const { url, drop } = await freshDatabase();
    await using undo = new AsyncDisposableStack();
    undo.defer(drop);
    await using program = await startMain({ NODE_ENV: 'test', DATABASE_URL: url, RATE_LIMIT_MAX: '0' });
    const streams = await Promise.all(
      Array.from({ length: 100 }, async (_, n) =>
        openEvents({ port: program.port, token: await tokenFor(`follower-${n}`) }),
      ),
    );
    await Promise.all(streams.map((events) => events.untilEvents(1)));
    program.process.kill('SIGTERM');
    const [code, milliseconds] = await timed(() => program.ended());
    expect(code).to.equal(0);
    expect(milliseconds).to.be.below(3_000);
    for (const events of streams) {
      expect(await events.ended).to.equal(true);
      expect(events.retries.at(-1)).to.be.within(1_000, 10_000);
    }
    expect(new Set(streams.map(({ retries }) => retries.at(-1))).size).to.be.above(50);
    expect(program.output()).to.match(/"stopped"/);
    expect(program.output().match(/"reason":"shutdown"/g)).to.have.length(100);
    expect(program.output()).not.to.include('"slow":true');
  });
});
