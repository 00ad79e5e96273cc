import { setTimeout as pause } from 'node:timers/promises';
import { startPostgresProcess, type PostgresProcess } from './processes/postgres-process.ts';
import { playScenario, type Row } from './scenario.ts';
import { startServiceProcess, type ServiceProcess } from './processes/service-process.ts';
import { toTable } from './table.ts';

/** A short version of `npm run test:faults`. */
describe('fault injection, short', () => {
  const opened = new AsyncDisposableStack();
  const rows: Row[] = [];
  let postgres: PostgresProcess;
  let service: ServiceProcess;

  before(async function () {
    this.timeout(60_000);
    if (process.platform !== 'linux') {
      console.log('Skipped: fault injection (needs Linux, because processes are found through /proc).');
      this.skip();
    }
    postgres = opened.use(await startPostgresProcess());
    service = opened.use(await startServiceProcess({ DATABASE_URL: postgres.url }));
  });
  after(async () => {
    await opened.disposeAsync();
    console.log(`\n${toTable(rows)}\n`);
  });

  it('given PostgreSQL killed and started: no write is lost, and writes succeed within 2 s', async () => {
    const fault = async () => {
      await postgres.kill();
      await pause(500);
      await postgres.start();
    };
    rows.push(await playScenario({ name: 'kill -9 PostgreSQL', services: [service], fault }));
  });

  it('given the service killed and started: no write is lost, and writes succeed within 2 s', async () => {
    const fault = async () => {
      await service.kill();
      await service.start();
    };
    rows.push(
      await playScenario({
        name: 'kill -9 the service',
        services: [service],
        fault,
        isServiceKilled: true,
      }),
    );
  });

  it('given PostgreSQL frozen for 1.5 s: no write is lost, and writes succeed within 2 s', async () => {
    const fault = async () => {
      await postgres.freeze();
      await pause(1_500);
      await postgres.thaw();
    };
    rows.push(await playScenario({ name: 'SIGSTOP PostgreSQL, 1.5 s', services: [service], fault }));
  });
});
