import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chooseAccount } from './embedded-account.ts';
import { findBinaries } from './embedded-binaries.ts';
import { claim, databaseName, type Claim } from './embedded-claim.ts';
import { ensureCluster, readPassword, superuser } from './embedded-cluster.ts';
import { isServerOf, readPostmaster } from './embedded-postmaster.ts';
import { createServer, type Server, type ServerSettings } from './embedded-server.ts';

/** A PostgreSQL server of our own. Disposing of it stops it, unless another service on the same folder still uses it. */
export interface EmbeddedPostgres extends AsyncDisposable {
  /** A connection string, with the password. */
  readonly url: string;
}

/** Recovery after a crash of the machine is the longest that a start may take. */
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
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const folder = await realpath(dataDir);
  const cluster = join(folder, 'postgres');
  const binaries = await findBinaries();
  const account = await chooseAccount(folder, cluster, binaries.postgres);
  await ensureCluster(folder, cluster, account, binaries);

  const server = createServer({ folder, cluster, account, binaries, settings });
  const password = await readPassword(cluster);
  const urlOf = (port: number, database: string): string =>
    `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}`;
  const { claimed, port } = await claimServer(cluster, server, (candidate) =>
    claim(urlOf(candidate, 'postgres')),
  );

  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    try {
      if (await claimed.release()) await server.stop();
    } finally {
      await claimed.end();
    }
  };
  return {
    url: urlOf(port, databaseName),
    [Symbol.asyncDispose]: () => (stopping ??= stop()),
  };
};

/** Waits for the cluster's server, and starts it where there is none. */
const claimServer = async (
  cluster: string,
  server: Server,
  claimAt: (port: number) => Promise<Claim | null>,
): Promise<{ claimed: Claim; port: number }> => {
  const deadline = Date.now() + patienceMilliseconds;
  let trouble: unknown;
  while (Date.now() < deadline) {
    const found = await readPostmaster(cluster);
    if (found?.ready === true) {
      try {
        const claimed = await claimAt(found.port);
        if (claimed !== null) return { claimed, port: found.port };
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
