import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { createServer as createListener } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { onForcedExit, killServer } from './launched-processes.ts';
import { isServerOf, lastPort, readPostmaster, removeDamagedLockFile } from './postmaster-pid.ts';
import { launch, run, type Account } from './run-command.ts';
import { reasonInLog, remedyFor, UnusableClusterError } from './unusable-cluster-error.ts';

/** PostgreSQL's own settings, by their names in postgresql.conf. */
export type ServerSettings = Readonly<Record<string, string>>;

/** The server process of one cluster. */
export interface Server {
  /** Whether a process that `start` launched is still alive. */
  isStarting(): boolean;
  /**
   * Launches a server and does not wait until it is ready. Throws if the last one was stopped or killed, and
   * {@link UnusableClusterError} if it cannot start.
   */
  start(stalePid: number | null): Promise<void>;
  /** Stops this process if it is the server of the cluster, whichever service started it. Committed data is on disk. */
  stop(pid: number): Promise<void>;
  /** Stops what `start` launched, ready or not; kills it where it does not stop. */
  stopLaunched(): Promise<void>;
  /** Leaves what `start` launched to another service. */
  leave(): void;
  /** The end of the log, for an error message. */
  logTail(): Promise<string>;
}

interface ServerOptions {
  readonly folder: string;
  readonly cluster: string;
  readonly account: Account;
  readonly binaries: Binaries;
  readonly settings: ServerSettings;
  /** Null: the port of the last server, if it is free, or else any. */
  readonly port: number | null;
}

// For one service on one machine: fast start, no replication. fsync stays on: committed data is on disk.
const defaults: ServerSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  io_method: 'sync',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  log_checkpoints: 'off',
};

// Temporary: another server runs or starts on the cluster, the last processes of one are ending, or another program uses the
// port. A lock file without a pid is removed once it is certainly not being written.
const temporaryFailure =
  /lock file "[^"]*" (?:already exists|is empty)|bogus data in lock file|is still in use|Address already in use/;

/** Timeout of a stop, the final checkpoint included. */
const stopTimeoutMs = 60_000;

/** Timeout for stopping a server that this service launched; then it is killed. */
const launchedStopTimeoutMs = 3_000;

const restartPauseMs = 100;
const logLimitBytes = 10_000_000;

export const createServer = (options: ServerOptions): Server => {
  const { folder, cluster, account, binaries, settings } = options;
  const logFile = join(folder, 'postgres.log');
  let child: ChildProcess | null = null;
  let logStart = 0;
  let leave = (): void => undefined;

  const isStarting = (): boolean => child !== null && child.exitCode === null && child.signalCode === null;

  const logSinceStart = async (): Promise<string> => {
    const log = await readFile(logFile).catch(() => Buffer.alloc(0));
    return log.subarray(logStart).toString('utf8');
  };

  const logTail = async (): Promise<string> =>
    `The end of ${logFile}:\n${(await logSinceStart()).trimEnd().slice(-2_000)}`;

  /** Why a server has ended. Null: something temporary. */
  const permanentFailure = async ({ exitCode, signalCode }: ChildProcess): Promise<Error | null> => {
    const log = await logSinceStart();
    if (temporaryFailure.test(log)) return null;
    // A server that cannot start exits with another code than 0, or aborts after a PANIC. Others were stopped or killed.
    const wasStopped = exitCode === 0 || (signalCode !== null && signalCode !== 'SIGABRT');
    const reason = wasStopped ? null : reasonInLog(log);
    if (reason === null) return new Error(`PostgreSQL has ended on ${cluster}. ${await logTail()}`);
    const problem = `PostgreSQL does not start on ${cluster} (log: ${logFile}): ${reason}`;
    return new UnusableClusterError(problem, remedyFor(reason, cluster));
  };

  return {
    isStarting,
    logTail,
    start: async (stalePid) => {
      if (child !== null) {
        const failure = await permanentFailure(child);
        if (failure !== null) throw failure;
        await delay(restartPauseMs);
      }
      await removeDamagedLockFile(cluster);
      await using log = await open(logFile, 'a', 0o600);
      if (account.owner !== null) await log.chown(account.owner.uid, account.owner.gid);
      if ((await log.stat()).size > logLimitBytes) await log.truncate();
      logStart = (await log.stat()).size;
      const parameters = Object.entries({
        ...defaults,
        ...settings,
        port: `${options.port ?? (await freePort(await lastPort(cluster)))}`,
      });
      const args = parameters.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
      // The pid in a stale postmaster.pid may now belong to another program. PostgreSQL would take that program for a
      // server and refuse to start, but it ignores the pid in PG_GRANDPARENT_PID.
      const variables = stalePid === null ? {} : { PG_GRANDPARENT_PID: `${stalePid}` };
      const command = [binaries.postgres, ['-D', cluster, ...args]] as const;
      child = launch({ account, folder, command }, ['ignore', log.fd, log.fd], variables);
      const launched = child;
      await once(launched, 'spawn');
      launched.unref();
      leave = onForcedExit(() => {
        if (launched.pid !== undefined) killServer(launched.pid);
      });
      launched.once('exit', leave);
    },
    leave: () => leave(),
    stopLaunched: async () => {
      child?.kill('SIGINT');
      const deadline = performance.now() + launchedStopTimeoutMs;
      while (isStarting()) {
        if (performance.now() > deadline && child?.pid !== undefined) killServer(child.pid);
        await delay(10);
      }
    },
    stop: async (pid) => {
      if ((await readPostmaster(cluster))?.pid !== pid) {
        await stopWithoutFolder(pid, cluster);
        return;
      }
      // "pg_ctl stop" only reads postmaster.pid, so it could wait for a server that another service has started since.
      const command = [binaries.pg_ctl, ['kill', 'INT', `${pid}`]] as const;
      const killError = await run({ account, folder, command }).catch(String);
      const deadline = performance.now() + stopTimeoutMs;
      while (await isServerOf(pid, cluster)) {
        if (performance.now() > deadline)
          throw new Error(`PostgreSQL does not stop. ${await logTail()}`, { cause: killError });
        await delay(10);
      }
    },
  };
};

/**
 * Stops a server whose postmaster.pid, or whose whole folder, was removed or replaced. It would notice that itself, but only
 * after up to a minute. On Windows a pid is not enough to know a server.
 */
const stopWithoutFolder = async (pid: number, cluster: string): Promise<void> => {
  if (process.platform === 'win32' || !(await isServerOf(pid, cluster))) return;
  try {
    process.kill(pid, 'SIGINT');
  } catch (error) {
    // ESRCH: it has ended meanwhile.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
  const deadline = performance.now() + launchedStopTimeoutMs;
  while (await isServerOf(pid, cluster)) {
    if (performance.now() > deadline) killServer(pid);
    await delay(10);
  }
};

const freePort = async (preferred: number): Promise<number> => {
  const listener = createListener().listen(preferred, '127.0.0.1');
  const isFree = await once(listener, 'listening').catch(() => null);
  if (isFree === null && preferred !== 0) return freePort(0);
  const address = listener.address();
  listener.close();
  await once(listener, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port on 127.0.0.1.');
  return address.port;
};
