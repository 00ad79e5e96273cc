import { access, constants, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chooseAccount } from './system-account.ts';
import { findBinaries } from './binaries.ts';
import { claim, databaseName, type Claim } from './data-directory-lock.ts';
import { ensureCluster, readPassword, superuser } from './cluster.ts';
import { isServerOf, readPostmaster, type Postmaster } from './postmaster-pid.ts';
import { createServer, type Server, type ServerSettings } from './server.ts';

/** A local PostgreSQL server. Disposing stops it, unless another service with the same data folder still uses it. */
export interface EmbeddedPostgres extends AsyncDisposable {
  /** A connection string, with the password. */
  readonly url: string;
}

/** Timeout of a start, crash recovery included. A server that exceeds it continues, and the next start uses it. */
const startTimeoutMilliseconds = 60_000;

/**
 * Starts PostgreSQL with the cluster in `dataDir`; the first start creates it. If a server of this cluster already runs,
 * left by a killed service or started by another service, it is used. Throws an error whose message can be shown to users
 * if PostgreSQL cannot run.
 */
export const startEmbeddedPostgres = async (
  dataDir: string,
  settings: ServerSettings = {},
): Promise<EmbeddedPostgres> => {
  const folder = await ensureFolder(dataDir);
  const cluster = join(folder, 'postgres');
  const binaries = await findBinaries();
  const account = await chooseAccount(folder, cluster, binaries.postgres);
  await ensureCluster(folder, cluster, account, binaries);

  const server = createServer({ folder, cluster, account, binaries, settings });
  const password = await readPassword(cluster);
  const urlOf = (port: number, database: string): string =>
    // Overrides PGSSLMODE: the server is on the same machine and has no TLS.
    `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`;
  const { claimed, found } = await claimServer(cluster, server, (candidate) =>
    claim(urlOf(candidate, 'postgres')),
  );

  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    try {
      if (await claimed.release()) await server.stop(found.pid);
    } finally {
      await claimed.end();
    }
  };
  return {
    url: urlOf(found.port, databaseName),
    [Symbol.asyncDispose]: () => (stopping ??= stop()),
  };
};

const ensureFolder = async (dataDir: string): Promise<string> => {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(dataDir);
  } catch (error) {
    throw new Error(
      `PostgreSQL stores its data in ${dataDir}, but this user has no write permission there.`,
      {
        cause: error,
      },
    );
  }
};

/** Waits until the server of the cluster accepts connections, and starts it if none is running. */
const claimServer = async (
  cluster: string,
  server: Server,
  claimAt: (port: number) => Promise<Claim | null>,
): Promise<{ claimed: Claim; found: Postmaster }> => {
  const deadline = Date.now() + startTimeoutMilliseconds;
  let lastError: unknown;
  while (Date.now() < deadline) {
    const found = await readPostmaster(cluster);
    if (found?.ready === true) {
      try {
        const claimed = await claimAt(found.port);
        if (claimed !== null) return { claimed, found };
      } catch (error) {
        lastError = error;
      }
    }
    const isRunning = server.isStarting() || (found !== null && (await isServerOf(found.pid, cluster)));
    if (!isRunning) await server.start(found?.pid ?? null);
    await delay(20);
  }
  throw new Error(`PostgreSQL does not respond. ${await server.logTail()}`, { cause: lastError });
};
