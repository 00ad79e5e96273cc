import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { createServer as createListener } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { isServerOf, readPostmaster, removeSilentLockFile } from './postmaster-pid.ts';
import { launch, run, type Account } from './run-command.ts';

/** PostgreSQL's own settings, by their names in postgresql.conf. */
export type ServerSettings = Readonly<Record<string, string>>;

/** The server process of one cluster. */
export interface Server {
  /** Whether a process that `start` launched is still alive. */
  isStarting(): boolean;
  /** Launches a server; whether and when it is ready is for others to see. Throws if the last one died for good. */
  start(stalePid: number | null): Promise<void>;
  /** Stops the process, also one that another start has left, if it still is the cluster's server. Committed data is on disk. */
  stop(pid: number): Promise<void>;
  /** The end of the log, for an error message. */
  lastWords(): Promise<string>;
}

interface ServerPlace {
  readonly folder: string;
  readonly cluster: string;
  readonly account: Account;
  readonly binaries: Binaries;
  readonly settings: ServerSettings;
}

// For one service on one machine: quick to start, nothing for replicas. What is acknowledged is on disk: fsync stays on.
const defaults: ServerSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  io_method: 'sync',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  log_checkpoints: 'off',
};

// Another server holds the cluster or is starting on it, its last processes are ending, or another program has taken the
// port: try again.
const passing = /lock file "[^"]*" (?:already exists|is empty)|is still in use|Address already in use/;

/** How long the last checkpoint may take. */
const patienceMilliseconds = 60_000;

const pauseMilliseconds = 100;
const logLimitBytes = 10_000_000;

export const createServer = ({ folder, cluster, account, binaries, settings }: ServerPlace): Server => {
  const logFile = join(folder, 'postgres.log');
  let child: ChildProcess | null = null;
  let logFrom = 0;

  const isStarting = (): boolean => child !== null && child.exitCode === null && child.signalCode === null;

  const logSinceStart = async (): Promise<string> => {
    const log = await readFile(logFile).catch(() => Buffer.alloc(0));
    return log.subarray(logFrom).toString('utf8');
  };

  const lastWords = async (): Promise<string> =>
    `The end of ${logFile}:\n${(await logSinceStart()).trimEnd().slice(-2_000)}`;

  return {
    isStarting,
    lastWords,
    start: async (stalePid) => {
      if (child !== null) {
        if (!passing.test(await logSinceStart()))
          throw new Error(`PostgreSQL does not start. ${await lastWords()}`);
        await delay(pauseMilliseconds);
      }
      await removeSilentLockFile(cluster);
      await using log = await open(logFile, 'a', 0o600);
      if (account.owner !== null) await log.chown(account.owner.uid, account.owner.gid);
      if ((await log.stat()).size > logLimitBytes) await log.truncate();
      logFrom = (await log.stat()).size;
      const options = Object.entries({ ...defaults, ...settings, port: `${await freePort()}` });
      const args = options.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
      // The number in a stale postmaster.pid may meanwhile be another program's. PostgreSQL would take that for a
      // server and refuse; a number that it is told to be its grandparent's it knows to be none.
      const variables = stalePid === null ? {} : { PG_GRANDPARENT_PID: `${stalePid}` };
      const command = [binaries.postgres, ['-D', cluster, ...args]] as const;
      child = launch({ account, folder, command }, ['ignore', log.fd, log.fd], variables);
      await once(child, 'spawn');
      child.unref();
    },
    stop: async (pid) => {
      if ((await readPostmaster(cluster))?.pid !== pid) return;
      // Not "pg_ctl stop": it looks at postmaster.pid alone, and would wait for the next server that another service starts.
      const command = [binaries.pg_ctl, ['kill', 'INT', `${pid}`]] as const;
      const trouble = await run({ account, folder, command }).catch(String);
      const deadline = Date.now() + patienceMilliseconds;
      while (await isServerOf(pid, cluster)) {
        if (Date.now() > deadline)
          throw new Error(`PostgreSQL does not stop. ${await lastWords()}`, { cause: trouble });
        await delay(10);
      }
    },
  };
};

const freePort = async (): Promise<number> => {
  const listener = createListener().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  listener.close();
  await once(listener, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port on 127.0.0.1.');
  return address.port;
};
