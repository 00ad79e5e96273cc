import { setTimeout as pause } from 'node:timers/promises';
import { startPostgresProcess, type PostgresProcess } from './processes/postgres-process.ts';
import { playScenario, type Row } from './scenario.ts';
import { startServiceProcess, type ServiceProcess } from './processes/service-process.ts';
import { toTable } from './table.ts';

/** The quick half of `npm run test:faults`. */
describe('faults, in short', () => {
  const opened = new AsyncDisposableStack();
  const rows: Row[] = [];
  let postgres: PostgresProcess;
  let service: ServiceProcess;

  before(async function () {
    this.timeout(60_000);
    if (process.platform !== 'linux') {
      console.log('No faults are made here: processes are found through /proc, which Linux has.');
      this.skip();
    }
    postgres = opened.use(await startPostgresProcess());
    service = opened.use(await startServiceProcess({ DATABASE_URL: postgres.url }));
  });
  after(async () => {
    await opened.disposeAsync();
    console.log(`\n${toTable(rows)}\n`);
  });

  it('PostgreSQL is killed and started again', async () => {
    const trouble = async () => {
      await postgres.kill();
      await pause(500);
      await postgres.start();
    };
    rows.push(await playScenario({ name: 'kill -9 PostgreSQL', services: [service], trouble }));
  });

  it('the service is killed and started again', async () => {
    const trouble = async () => {
      await service.kill();
      await service.start();
    };
    rows.push(
      await playScenario({
        name: 'kill -9 the service',
        services: [service],
        trouble,
        isServiceKilled: true,
      }),
    );
  });

  it('PostgreSQL hangs', async () => {
    const trouble = async () => {
      await postgres.freeze();
      await pause(1_500);
      await postgres.thaw();
    };
    rows.push(await playScenario({ name: 'SIGSTOP PostgreSQL, 1.5 s', services: [service], trouble }));
  });
});
