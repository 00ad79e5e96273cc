import { setTimeout as pause } from 'node:timers/promises';
import { numbers } from '../support/in-batches.ts';
import { playKeyedScenario, type KeyedRow } from './keyed-scenario.ts';
import { startPostgresProcess, type PostgresProcess } from './processes/postgres-process.ts';
import { startServiceProcess, type ServiceProcess } from './processes/service-process.ts';
import { toTable } from './table.ts';

describe('faults while clients repeat their writes under keys, on three instances', function () {
  this.timeout(120_000);
  const opened = new AsyncDisposableStack();
  const rows: KeyedRow[] = [];
  let postgres: PostgresProcess;
  let services: readonly ServiceProcess[];

  before(async function () {
    if (process.platform !== 'linux') {
      console.log('Skipped: fault injection (needs Linux, because processes are found through /proc).');
      this.skip();
    }
    postgres = opened.use(await startPostgresProcess());
    const start = async () => opened.use(await startServiceProcess({ DATABASE_URL: postgres.url }));
    services = await Promise.all(numbers(3).map(start));
  });
  after(async () => {
    await opened.disposeAsync();
    console.log(`\n${toTable(rows)}\n`);
  });

  const play = async (name: string, faults: readonly (() => Promise<void>)[]): Promise<void> => {
    rows.push(await playKeyedScenario(name, services, faults));
  };

  it('given PostgreSQL killed: exactly one effect for every key, and every answer is repeated', () => {
    const kill = async () => {
      await postgres.kill();
      await pause(300);
      await postgres.start();
    };
    return play('kill -9 PostgreSQL, twice', [kill, kill]);
  });

  it('given one backend of PostgreSQL killed: the same', () => {
    const kill = async () => {
      await postgres.killBackend();
      await postgres.isBack();
    };
    return play('kill -9 a backend, twice', [kill, kill]);
  });

  it('given each instance killed in turn: the same', () =>
    play(
      'kill -9 each instance',
      services.map((service) => async () => {
        await service.kill();
        await service.start();
      }),
    ));

  it('given PostgreSQL frozen for a second: the same', () =>
    play('SIGSTOP PostgreSQL, 1 s', [
      async () => {
        await postgres.freeze();
        await pause(1_000);
        await postgres.thaw();
      },
    ]));
});
