import { expect } from 'chai';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { freshDatabase, type TestDatabase } from '../../support/postgres/postgres.ts';
import { startMain, type MainProgram } from '../../support/processes/main-program.ts';
import { connect, scalar, type Session } from '../../support/postgres/sql.ts';
import { tokenFor } from '../../support/tokens/tokens.ts';
import { timed, until } from '../../support/until.ts';

interface Outcome {
  readonly status: number;
  readonly connection: string | undefined;
}

/** Sends a request; rejects where no complete response arrives. */
const send = (port: number, token: string, method: string, agent: Agent): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = request({ port, host: '127.0.0.1', method, path: '/api/tasks', headers, agent });
    sent.on('error', reject);
    sent.on('response', (response) => {
      response.on('error', reject).resume();
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, connection: response.headers.connection }),
      );
    });
    sent.end(method === 'POST' ? '{"title":"Under load"}' : undefined);
  });

const isRefused = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';

describe('SIGTERM', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let token: string;

  before(async () => {
    database = await freshDatabase();
    token = await tokenFor('loaded');
  });
  after(() => database.drop());

  const start = (environment: Readonly<Record<string, string>> = {}): Promise<MainProgram> =>
    startMain({ NODE_ENV: 'test', DATABASE_URL: database.url, RATE_LIMIT_MAX: '0', ...environment });

  it('given a loaded service and repeated signals: it exits with 0, and no request fails', async () => {
    await using program = await start();
    let answered = 0;
    let last = 0;
    const failures: unknown[] = [];
    const client = async (index: number): Promise<void> => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (;;) {
        try {
          const { status, connection } = await send(program.port, token, index % 2 ? 'POST' : 'GET', agent);
          if (status >= 400) throw new Error(`Answered ${status}`);
          answered += 1;
          if (connection === 'close') last += 1;
        } catch (error) {
          if (!isRefused(error)) failures.push(error);
          agent.destroy();
          return;
        }
      }
    };
    const clients = Array.from({ length: 20 }, (_, index) => client(index));
    await until('load', () => answered > 200, 20_000);
    const before = answered;
    program.process.kill('SIGTERM');
    await pause(5);
    program.process.kill('SIGTERM');
    program.process.kill('SIGINT');
    const [code, milliseconds] = await timed(() => program.ended());
    await Promise.all(clients);
    expect(failures).to.deep.equal([]);
    expect(code).to.equal(0);
    expect(milliseconds).to.be.lessThan(3_000);
    expect(last, 'connections closed by a response').to.equal(20);
    expect(program.output()).to.match(/"stopping"[^]*"stopped"/);
    console.log(`      ${before} requests before the signal, ${answered - before} after it, 0 failed`);
  });

  it('given clients that open connections all the time: no connection is reset', async () => {
    await using program = await start();
    let answered = 0;
    const failures: unknown[] = [];
    const client = async (): Promise<void> => {
      for (;;) {
        try {
          const { status } = await send(program.port, token, 'GET', new Agent({ keepAlive: false }));
          if (status >= 400) throw new Error(`Answered ${status}`);
          answered += 1;
        } catch (error) {
          if (!isRefused(error)) failures.push(error);
          return;
        }
      }
    };
    const clients = Array.from({ length: 30 }, client);
    await until('load', () => answered > 200, 20_000);
    program.process.kill('SIGTERM');
    expect(await program.ended()).to.equal(0);
    await Promise.all(clients);
    expect(failures).to.deep.equal([]);
  });

  it('given a running request: it finishes; meanwhile not ready, and new connections are refused', async () => {
    await using program = await start();
    await using lock = await connect(database.url);
    const agent = new Agent();
    await lockTasks(lock);
    const underWay = send(program.port, token, 'POST', agent);
    await until('the request waits for the lock', () => hasLockWaiters(lock));
    program.process.kill('SIGTERM');
    await until('not ready', async () => (await fetch(ready(program))).status === 503);
    await until('refused', () => send(program.port, token, 'GET', agent).then(() => false, isRefused));
    await lock.run('commit');
    expect(await underWay).to.deep.equal({ status: 201, connection: 'close' });
    expect(await program.ended()).to.equal(0);
  });

  it('given a request that exceeds SHUTDOWN_TIMEOUT_MS: its connection is closed, and the exit code is 0', async () => {
    await using program = await start({ SHUTDOWN_TIMEOUT_MS: '1500' });
    await using lock = await connect(database.url);
    await lockTasks(lock);
    const underWay = send(program.port, token, 'POST', new Agent()).catch(() => 'cut off');
    await until('the request waits for the lock', () => hasLockWaiters(lock));
    program.process.kill('SIGTERM');
    const [code, milliseconds] = await timed(() => program.ended());
    expect(await underWay).to.equal('cut off');
    expect(code).to.equal(0);
    expect(milliseconds).to.be.lessThan(2_000);
  });

  it('given unfinished requests on both listeners: one time limit for both', async () => {
    await using program = await start({ SHUTDOWN_TIMEOUT_MS: '1500' });
    using clients = new DisposableStack();
    for (const port of [program.port, program.operationsPort]) clients.use(await sendUnfinished(port));
    program.process.kill('SIGTERM');
    const [code, milliseconds] = await timed(() => program.ended());
    expect(code).to.equal(0);
    expect(milliseconds).to.be.within(1_000, 2_000);
    // The end that SHUTDOWN_TIMEOUT_MS forces has the code 0 too, but closes nothing and logs nothing.
    expect(program.output()).to.include('"stopped"');
  });

  it('given SHUTDOWN_DELAY_MS: not ready, and requests are accepted until the delay has passed', async () => {
    await using program = await start({ SHUTDOWN_DELAY_MS: '700' });
    const [code, milliseconds] = await timed(async () => {
      program.process.kill('SIGTERM');
      const api = `http://127.0.0.1:${program.port}/health`;
      await until('not ready', async () => (await fetch(api)).status === 503, 600);
      expect((await send(program.port, token, 'GET', new Agent())).status).to.equal(200);
      return program.ended();
    });
    expect(code).to.equal(0);
    expect(milliseconds).to.be.greaterThan(700);
  });
});

const ready = ({ operationsPort }: MainProgram): string => `http://127.0.0.1:${operationsPort}/health/ready`;

/** Sends a complete request, so that the service has accepted the connection, and the first line of another one. */
const sendUnfinished = async (port: number): Promise<Disposable> => {
  const socket = connectTcp(port, '127.0.0.1').on('error', () => undefined);
  socket.write('GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /health HTTP/1.1\r\n');
  await once(socket, 'data');
  return { [Symbol.dispose]: () => void socket.destroy() };
};

/** Blocks every write of tasks until the session commits. */
const lockTasks = async (session: Session): Promise<void> => {
  await session.run('begin');
  await session.run('lock table tasks in exclusive mode');
};

const hasLockWaiters = async (session: Session): Promise<boolean> =>
  (await scalar(
    session,
    'select count(*)::int from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())',
  )) !== 0;
