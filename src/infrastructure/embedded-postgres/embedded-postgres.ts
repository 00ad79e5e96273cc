import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import type { Observer } from '../../application/ports/observer.ts';
import { openDataDirectory } from '../system/open-data-directory.ts';
import { chooseAccount } from './system-account.ts';
import { findBinaries } from './binaries.ts';
import { databaseName, lockServer, type ServerLock } from './data-directory-lock.ts';
import { ensureCluster, lostPassword, readPassword, superuser } from './cluster.ts';
import { onForcedExit, hasArgument, killServer } from './launched-processes.ts';
import { isServerOf, readPostmaster } from './postmaster-pid.ts';
import { resetPassword } from './reset-password.ts';
import { createServer, type Server, type ServerSettings } from './server.ts';
import { supervise, type LockedServer } from './supervise.ts';
import { restoreBackup, UnusableClusterError } from './unusable-cluster-error.ts';

/** A local PostgreSQL server. Disposing stops it, unless another service with the same data folder still uses it. */
export interface EmbeddedPostgres extends AsyncDisposable {
  /** A connection string, with the password. */
  readonly url: string;
}

/** How long a start waits for a server that does not answer, and for one that recovers after a crash, in milliseconds. */
const answerTimeoutMs = 60_000;
const recoveryTimeoutMs = 600_000;

interface EmbeddedOptions {
  /** Ends a start; what was launched is stopped before it rejects. */
  readonly signal?: AbortSignal | undefined;
  /** Receives the loss and the return of the server. */
  readonly observe?: Observer;
}

/**
 * Starts PostgreSQL on the cluster in `dataDir`, which is created the first time. A server that is already there, left
 * over from a service that was killed or started by another one, is used instead. A server that ends is started again.
 * Throws, in words for people, where PostgreSQL cannot run.
 */
export const startEmbeddedPostgres = async (
  dataDir: string,
  settings: ServerSettings = {},
  { signal, observe = () => undefined }: EmbeddedOptions = {},
): Promise<EmbeddedPostgres> => {
  const folder = await openDataDirectory(dataDir);
  const cluster = join(folder, 'postgres');
  const binaries = await findBinaries();
  const account = await chooseAccount(folder, cluster, binaries.postgres);
  await ensureCluster(folder, cluster, account, binaries, signal);

  const reset = { dataDir: folder, cluster, account, binaries };
  if ((await readPassword(cluster)) === null) await resetPassword(reset, signal);
  const password = await readPassword(cluster);
  if (password === null) throw lostPassword(cluster);
  const urlOf = (port: number, database: string): string =>
    // Overrides PGSSLMODE: the server is on the same machine and has no TLS.
    `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`;
  let server: Server;
  const start = async (port: number | null, abort?: AbortSignal): Promise<LockedServer> => {
    server = createServer({ folder, cluster, account, binaries, settings, port });
    try {
      return await startAndLock(cluster, server, (at) => lockServer(urlOf(at, 'postgres')), abort);
    } catch (error) {
      await server.stopLaunched();
      throw error;
    }
  };
  const first = await start(null, signal);
  const { port } = first.found;
  const restart = async (abort: AbortSignal): Promise<LockedServer> => {
    const next = await start(port, abort);
    if (next.found.port === port) return next;
    await next.lock.end();
    throw new Error(`Another service has started PostgreSQL on port ${next.found.port}, and not on ${port}`);
  };
  const supervisor = supervise(first, restart, observe);

  const stop = async (): Promise<void> => {
    const current = await supervisor.stop();
    if (current === null) return;
    const { lock, found } = current;
    // Also where another service launched it, which ended without stopping it.
    const unregister = onForcedExit(() => {
      if (hasArgument(found.pid, `-D ${cluster} `)) killServer(found.pid);
    });
    try {
      if (await lock.release()) await server.stop(found.pid);
    } finally {
      server.leave();
      unregister();
      await lock.end();
    }
  };
  let stopping: Promise<void> | null = null;
  return {
    url: urlOf(port, databaseName),
    [Symbol.asyncDispose]: () => (stopping ??= stop()),
  };
};

/** Starts the server of the cluster if none is running, waits until it accepts connections, and locks it. */
const startAndLock = async (
  cluster: string,
  server: Server,
  lockAt: (port: number) => Promise<ServerLock | null>,
  signal?: AbortSignal,
): Promise<LockedServer> => {
  const since = performance.now();
  let timeoutMs = answerTimeoutMs;
  let lastError: unknown;
  while (performance.now() - since < timeoutMs) {
    signal?.throwIfAborted();
    const found = await readPostmaster(cluster);
    if (found?.ready === true) {
      try {
        const lock = await lockAt(found.port);
        if (lock !== null) return { lock, found };
      } catch (error) {
        if (isWrongPassword(error)) throw lostPassword(cluster);
        if (isDamage(error))
          throw new UnusableClusterError(
            `PostgreSQL cannot read ${cluster}: ${error.message}`,
            restoreBackup(cluster),
          );
        lastError = error;
      }
    }
    const runs = found !== null && (await isServerOf(found.pid, cluster));
    if (!runs && !server.isStarting()) await server.start(found?.pid ?? null);
    timeoutMs = runs && !found.ready ? recoveryTimeoutMs : answerTimeoutMs;
    await delay(20, undefined, { signal });
  }
  throw new Error(`PostgreSQL does not respond. ${await server.logTail()}`, { cause: lastError });
};

const isWrongPassword = (error: unknown): boolean => error instanceof DatabaseError && error.code === '28P01';

/**
 * The server cannot read its files: io_error and undefined_file, data_corrupted, index_corrupted; or the database that initdb
 * created is missing.
 */
const isDamage = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError && /^(?:58...|XX00[12]|3D000)$/.test(error.code ?? '');
