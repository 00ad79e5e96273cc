import { setTimeout as pause } from 'node:timers/promises';
import { startPgBouncer } from '../support/postgres/pgbouncer.ts';
import { startPostgresProcess, type PostgresProcess } from './processes/postgres-process.ts';
import { startRedisProcess } from './processes/redis-process.ts';
import { playScenario, type Row, type Scenario } from './scenario.ts';
import { startServiceProcess, type ServiceProcess } from './processes/service-process.ts';
import { setReadOnly } from './processes/sql.ts';
import { toTable } from './table.ts';

const outage = { isOutage: true };

/** `npm run test:faults`: real processes that are stopped, killed and frozen while real clients write. */
describe('fault injection', function () {
  this.timeout(60_000);
  const opened = new AsyncDisposableStack();
  const rows: Row[] = [];
  let postgres: PostgresProcess;
  let service: ServiceProcess;

  before(async function () {
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

  const play = async (
    name: string,
    fault: () => Promise<void>,
    scenario: Partial<Scenario> = {},
  ): Promise<void> => {
    rows.push(await playScenario({ name, fault, services: [service], ...scenario }));
  };

  it('given PostgreSQL stopped for 10 s: no write is lost, and writes succeed within 2 s of its return', () =>
    play(
      'PostgreSQL is stopped for 10 s',
      async () => {
        await postgres.stop();
        await pause(10_000);
        await postgres.start();
      },
      outage,
    ));

  it('given PostgreSQL restarted: no write is lost, and writes succeed within 2 s of its return', () =>
    play('PostgreSQL is restarted', async () => {
      await postgres.stop();
      await postgres.start();
    }));

  it('given PostgreSQL killed for 2 s: no write is lost, and writes succeed within 2 s of its return', () =>
    play(
      'kill -9 PostgreSQL, back after 2 s',
      async () => {
        await postgres.kill();
        await pause(2_000);
        await postgres.start();
      },
      outage,
    ));

  it('given one PostgreSQL backend killed: no write is lost, and writes succeed within 2 s', () =>
    play('kill -9 one backend of PostgreSQL', async () => {
      await postgres.killBackend();
      await postgres.isBack();
    }));

  it('given PostgreSQL frozen for 5 s: no write is lost, and writes succeed within 2 s of its return', () =>
    play(
      'SIGSTOP PostgreSQL for 5 s',
      async () => {
        await postgres.freeze();
        await pause(5_000);
        await postgres.thaw();
      },
      outage,
    ));

  it('given PostgreSQL frozen for 12 s: no write is lost, and writes succeed within 2 s of its return', () =>
    play(
      'SIGSTOP PostgreSQL for 12 s',
      async () => {
        await postgres.freeze();
        await pause(12_000);
        await postgres.thaw();
      },
      outage,
    ));

  it('given PostgreSQL read-only for 3 s: no write is lost, and writes succeed within 2 s', () =>
    play(
      'PostgreSQL is read-only for 3 s',
      async () => {
        await setReadOnly(postgres.superuserUrl, true);
        await pause(3_000);
        await setReadOnly(postgres.superuserUrl, false);
      },
      outage,
    ));

  it('given PostgreSQL without free connections for 3 s: no write is lost, and writes succeed within 2 s', () =>
    play('PostgreSQL has no connections left for 3 s', async () => {
      const release = await postgres.occupy();
      await pause(3_000);
      await release();
    }));

  it('given the service killed: no write is lost, and writes succeed within 2 s of its return', () =>
    play(
      'kill -9 the service',
      async () => {
        await service.kill();
        await service.start();
      },
      { isServiceKilled: true },
    ));

  it('given Redis killed and frozen under two services: no request fails', async function () {
    await using redis = await startRedisProcess();
    if (redis === null) {
      console.log('Skipped: faults of Redis (redis-server is not installed: apt-get install redis-server).');
      this.skip();
    }
    const environment = { DATABASE_URL: postgres.url, REDIS_URL: redis.url };
    await using one = await startServiceProcess(environment);
    await using other = await startServiceProcess(environment);
    const fault = async () => {
      await redis.kill();
      await pause(3_000);
      await redis.start();
      await pause(1_000);
      await redis.freeze();
      await pause(3_000);
      await redis.thaw();
    };
    await play('kill -9 Redis, then SIGSTOP; two services', fault, {
      services: [one, other],
      isUnnoticed: true,
    });
  });

  it('given PgBouncer killed, then PostgreSQL restarted behind it: no write is lost', async function () {
    await using pooler = await startPgBouncer(postgres.url);
    if (pooler === null) {
      console.log('Skipped: faults of PgBouncer (it is not installed: apt-get install pgbouncer).');
      this.skip();
    }
    await using pooled = await startServiceProcess({
      DATABASE_URL: pooler.url,
      DATABASE_PREPARED_STATEMENTS: 'false',
    });
    const services = [pooled];
    const restartPooler = async () => {
      await pooler.kill();
      await pooler.start();
    };
    const restartPostgres = async () => {
      await postgres.stop();
      await postgres.start();
    };
    await play('PgBouncer is restarted', restartPooler, { services });
    await play('PostgreSQL is restarted behind PgBouncer', restartPostgres, { services });
  });
});
