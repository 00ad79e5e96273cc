import { randomBytes } from 'node:crypto';
import {
  chown,
  lchown,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { run, type Account } from './run-command.ts';

export const superuser = 'taskhold';

/** The superuser's password, made with the cluster and kept inside it: the two can never be separated. */
export const readPassword = async (cluster: string): Promise<string> =>
  (await readFile(join(cluster, passwordFile), 'utf8')).trim();

const passwordFile = 'taskhold.password';

/**
 * Creates the cluster unless it exists. It is made in a folder beside it and moved into place when it is complete and on
 * disk, so that a start which is killed half-way leaves nothing that could be taken for a cluster. Of several that do
 * this at once, the first to move wins and the others use its cluster.
 */
export const ensureCluster = async (
  dataDir: string,
  cluster: string,
  account: Account,
  { initdb }: Binaries,
) => {
  await removeLeftovers(dataDir);
  if (await isCluster(cluster)) {
    await handOver(cluster, account);
    return;
  }
  const workshop = await mkdtemp(join(dataDir, workshopPrefix));
  try {
    const [made, password] = [join(workshop, 'cluster'), join(workshop, 'password')];
    await mkdir(made, { mode: 0o700 });
    await writeFile(password, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flush: true });
    await handOver(workshop, account);
    const args = [`--pgdata=${made}`, `--pwfile=${password}`, ...settings];
    await run({ account, folder: workshop, command: [initdb, args] }).catch(explain);
    await rename(password, join(made, passwordFile));
    await syncFolder(made);
    await moveIntoPlace(made, cluster);
    await syncFolder(dataDir);
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
};

const workshopPrefix = 'postgres.new-';

// The same cluster on every machine, whatever its locale and time zone.
const settings = [
  `--username=${superuser}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
];

const explain = (error: unknown): never => {
  const reason = error instanceof Error ? error.message : String(error);
  throw new Error(
    `PostgreSQL cannot create its files: ${reason}\nSet DATABASE_URL to use another PostgreSQL server.`,
    {
      cause: error,
    },
  );
};

const isCluster = (folder: string): Promise<boolean> => exists(join(folder, 'PG_VERSION'));

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const moveIntoPlace = async (made: string, cluster: string): Promise<void> => {
  try {
    await rename(made, cluster);
  } catch (error) {
    if (await isCluster(cluster)) return;
    throw new Error(
      `${cluster} is in the way: it is not a PostgreSQL cluster. Move it elsewhere, or remove it.`,
      {
        cause: error,
      },
    );
  }
};

/** Older folders are left over from starts that were killed: no start takes this long. */
const abandonedAfterMilliseconds = 10 * 60_000;

const removeLeftovers = async (dataDir: string): Promise<void> => {
  const names = await readdir(dataDir);
  for (const name of names.filter((candidate) => candidate.startsWith(workshopPrefix))) {
    const path = join(dataDir, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > abandonedAfterMilliseconds) {
      // One that another user left, and that stays for that reason, must not keep this one from starting.
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
    }
  }
};

/** Gives a folder that root made, or copied, to the account that PostgreSQL runs as. */
const handOver = async (folder: string, { owner }: Account): Promise<void> => {
  if (owner === null || (await stat(folder)).uid === owner.uid) return;
  const names = await readdir(folder, { recursive: true });
  for (const name of names) await lchown(join(folder, name), owner.uid, owner.gid);
  await chown(folder, owner.uid, owner.gid);
};

/** A rename survives a power cut once its folder is on disk. Windows cannot, and need not, be told. */
const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  await handle.sync();
};
