import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseAccount } from '../../../src/infrastructure/embedded-postgres/system-account.ts';
import { findBinaries } from '../../../src/infrastructure/embedded-postgres/binaries.ts';
import {
  ensureCluster,
  readPassword,
  superuser,
} from '../../../src/infrastructure/embedded-postgres/cluster.ts';
import { launch } from '../../../src/infrastructure/embedded-postgres/run-command.ts';
import { freePort } from '../../support/processes/free-port.ts';
import { scratchFolder } from '../../support/processes/scratch-folder.ts';
import { until } from '../../support/until.ts';
import { processTreeOf, isAlive, signalAll } from './running-processes.ts';
import { prepareDatabase, rowsOf } from './sql.ts';

/** A PostgreSQL server on one port, with durable settings as in production, that a test can stop, kill and freeze. */
export interface PostgresProcess extends AsyncDisposable {
  /** For the service: its role may read and write the tables, and nothing else. */
  readonly url: string;
  /** Starts it, and waits until it accepts connections. */
  start(): Promise<void>;
  /** `fast`: as `pg_ctl stop` does. */
  stop(): Promise<void>;
  /** SIGKILL to every process of the server. */
  kill(): Promise<void>;
  /** SIGKILL to one backend of a client: the server ends all connections, and recovers. */
  killBackend(): Promise<void>;
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Waits until it accepts connections again. */
  isBack(): Promise<void>;
  /** For the superuser. */
  readonly superuserUrl: string;
  /** Ends the connections of the service and refuses new ones until the returned function is called. */
  occupy(): Promise<() => Promise<void>>;
}

export const startPostgresProcess = async (): Promise<PostgresProcess> => {
  await using undo = new AsyncDisposableStack();
  const { folder } = undo.use(await scratchFolder());
  const cluster = join(folder, 'postgres');
  const binaries = await findBinaries();
  const account = await chooseAccount(folder, cluster, binaries.postgres);
  await ensureCluster(folder, cluster, account, binaries);
  const port = await freePort();
  const address = `127.0.0.1:${port}/postgres`;
  const url = `postgres://${superuser}:${await readPassword(cluster)}@${address}`;
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: 60 };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

  const command = [binaries.postgres, ['-D', cluster, ...args]] as const;

  let child: ChildProcess | null = null;
  let frozen: readonly number[] = [];
  const pid = (): number => child?.pid ?? 0;

  const start = async (): Promise<void> => {
    await using log = await open(join(folder, 'postgres.log'), 'a');
    child = launch({ account, folder, command }, ['ignore', log.fd, log.fd]);
    await until('PostgreSQL accepts connections', () => answers(url), 30_000);
  };
  const thaw = (): Promise<void> => {
    signalAll(frozen, 'SIGCONT');
    frozen = [];
    return Promise.resolve();
  };
  const end = async (signal: NodeJS.Signals, pids: readonly number[]): Promise<void> => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    signalAll(pids, signal);
    await ended;
    await until('all processes of PostgreSQL have ended', () => !pids.some(isAlive), 10_000);
  };
  const kill = async (): Promise<void> => {
    await thaw();
    if (child !== null) await end('SIGKILL', await processTreeOf(pid()));
  };

  undo.defer(kill);
  await start();
  await prepareDatabase(url);
  const resources = undo.move();
  return {
    url: `postgres://app:app@${address}`,
    start,
    stop: () => end('SIGINT', [pid()]),
    kill,
    killBackend: async () => {
      const backends = await numbersOf(
        url,
        `select pid from pg_stat_activity where backend_type = 'client backend'`,
      );
      signalAll(backends.slice(0, 1), 'SIGKILL');
    },
    freeze: async () => {
      frozen = await processTreeOf(pid());
      signalAll(frozen, 'SIGSTOP');
    },
    thaw,
    isBack: () => until('PostgreSQL accepts connections', () => answers(url), 30_000),
    superuserUrl: url,
    occupy: () => occupy(url),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

const answers = (url: string): Promise<boolean> =>
  numbersOf(url, 'select 1').then(
    () => true,
    () => false,
  );

/** The numbers of the first column. */
const numbersOf = async (url: string, text: string): Promise<number[]> =>
  (await rowsOf(url, text)).map((row) => Number(Object.values<unknown>(row)[0]));

const occupy = async (url: string): Promise<() => Promise<void>> => {
  await numbersOf(url, 'alter database postgres connection limit 0');
  await numbersOf(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity
    where usename = 'app'`,
  );
  return async () => {
    await numbersOf(url, 'alter database postgres connection limit -1');
  };
};
