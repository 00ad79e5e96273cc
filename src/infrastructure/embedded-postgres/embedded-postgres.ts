import { access, constants, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chooseAccount } from './system-account.ts';
import { findBinaries } from './binaries.ts';
import { claim, databaseName, type Claim } from './data-directory-lock.ts';
import { ensureCluster, readPassword, superuser } from './cluster.ts';
import { isServerOf, readPostmaster, type Postmaster } from './postmaster-pid.ts';
import { createServer, type Server, type ServerSettings } from './server.ts';

/** A PostgreSQL server of our own. Disposing of it stops it, unless another service on the same folder still uses it. */
export interface EmbeddedPostgres extends AsyncDisposable {
  /** A connection string, with the password. */
  readonly url: string;
}

/** Recovery after a crash is the longest that a start may take. Where this is too short it goes on, for the next start. */
const patienceMilliseconds = 60_000;

/**
 * Starts PostgreSQL on the cluster in `dataDir`, which is created the first time. A server that is already there, left
 * over from a service that was killed or started by another one, is used instead. Throws, in words for people, where
 * PostgreSQL cannot run.
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
    // Whatever PGSSLMODE demands of other servers, this one is on the same machine.
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
    throw new Error(`PostgreSQL needs ${dataDir} for its data, and this user may not write there.`, {
      cause: error,
    });
  }
};

/** Waits for the cluster's server, and starts it where there is none. */
const claimServer = async (
  cluster: string,
  server: Server,
  claimAt: (port: number) => Promise<Claim | null>,
): Promise<{ claimed: Claim; found: Postmaster }> => {
  const deadline = Date.now() + patienceMilliseconds;
  let trouble: unknown;
  while (Date.now() < deadline) {
    const found = await readPostmaster(cluster);
    if (found?.ready === true) {
      try {
        const claimed = await claimAt(found.port);
        if (claimed !== null) return { claimed, found };
      } catch (error) {
        trouble = error;
      }
    }
    const expected = server.isStarting() || (found !== null && (await isServerOf(found.pid, cluster)));
    if (!expected) await server.start(found?.pid ?? null);
    await delay(20);
  }
  throw new Error(`PostgreSQL does not answer. ${await server.lastWords()}`, { cause: trouble });
};
