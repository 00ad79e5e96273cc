import { expect } from 'chai';
import { Agent, request } from 'node:http';
import { freshDatabase, type TestDatabase } from '../../support/postgres/postgres.ts';
import { skipWithout } from '../../support/http/proxied-service.ts';
import { freePort } from '../../support/processes/free-port.ts';
import { startMain, type MainProgram } from '../../support/processes/main-program.ts';
import { proxyKinds, startProxy } from '../../support/processes/proxy.ts';
import { tokenFor } from '../../support/tokens/tokens.ts';
import { until } from '../../support/until.ts';

for (const kind of proxyKinds)
  describe(`upgrade behind ${kind}`, function () {
    this.timeout(120_000);
    let database: TestDatabase | null = null;
    before(async function () {
      skipWithout(this, kind);
      database = await freshDatabase();
    });
    after(() => database?.drop());

    it('given two instances, stopped and replaced one after the other under load: no request fails', async () => {
      const [first, second, port] = [await freePort(), await freePort(), await freePort()];
      const start = (instance: number): Promise<MainProgram> =>
        startMain({
          NODE_ENV: 'test',
          DATABASE_URL: database?.url ?? '',
          PORT: String(instance),
          RATE_LIMIT_MAX: '0',
          PUBLIC_URL: `http://127.0.0.1:${port}/todo`,
          SHUTDOWN_DELAY_MS: kind === 'nginx' ? '5000' : '2000',
        });
      await using undo = new AsyncDisposableStack();
      const programs = [undo.use(await start(first)), undo.use(await start(second))];
      undo.use(await startProxy(kind, { port, instances: [first, second] }));

      const token = await tokenFor('upgrading');
      const outcomes = new Map<string, number>();
      const ended = new AbortController();
      const client = async (method: string): Promise<void> => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        while (!ended.signal.aborted) {
          const outcome = `${method} ${await send(port, agent, token, method)}`;
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        }
        agent.destroy();
      };
      const clients = Array.from({ length: 8 }, (_, index) => client(index % 2 === 0 ? 'GET' : 'POST'));
      const total = (): number => [...outcomes.values()].reduce((sum, count) => sum + count, 0);
      const more = async (): Promise<void> => {
        const seen = total();
        await until('100 more requests are answered', () => total() >= seen + 100, 20_000);
      };
      await more();
      for (const program of programs) {
        program.process.kill('SIGTERM');
        expect(await program.ended()).to.equal(0);
        await more();
        undo.use(await start(program.port));
        await until('the instance is ready', async () => (await fetch(ready(program.port))).ok);
        await more();
      }
      ended.abort();
      await Promise.all(clients);
      expect([...outcomes.keys()].sort(), JSON.stringify([...outcomes])).to.deep.equal([
        'GET 200',
        'POST 201',
      ]);
      console.log(`      ${total()} requests, 0 failed`);
    });
  });

const ready = (port: number): string => `http://127.0.0.1:${port}/health/ready`;

/** The status, with the body of an error, or the code of the error. */
const send = (port: number, agent: Agent, token: string, method: string): Promise<string> =>
  new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const path = method === 'GET' ? '/todo/api/tasks?limit=1' : '/todo/api/tasks';
    const sent = request({ host: '127.0.0.1', port, agent, method, path, headers });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      const detail = (): string => ((response.statusCode ?? 0) < 400 ? '' : ` ${text.slice(0, 200)}`);
      response.on('end', () => resolve(`${response.statusCode}${detail()}`));
    });
    sent.end(method === 'POST' ? '{"title":"Upgrade"}' : undefined);
  });
