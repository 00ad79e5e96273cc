import { randomBytes } from 'node:crypto';
import {
  chmod,
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
import { DataDirectoryError } from '../system/open-data-directory.ts';
import type { Binaries } from './binaries.ts';
import { run, type Account } from './run-command.ts';
import { restoreBackup, UnusableClusterError } from './unusable-cluster-error.ts';

export const superuser = 'taskhold';

/**
 * The password of the superuser. It is stored in the folder of the cluster, so that both are copied and deleted together. Null: the
 * file is missing, or was cut off or damaged.
 */
export const readPassword = async (cluster: string): Promise<string | null> => {
  const password = (await readFile(passwordFileOf(cluster), 'utf8').catch(ifMissing)).trim();
  return /^[\w-]{32}$/.test(password) ? password : null;
};

/** The tasks do not depend on the file of the password. */
export const lostPassword = (cluster: string): UnusableClusterError =>
  new UnusableClusterError(
    `${passwordFileOf(cluster)} is missing, empty or damaged, or has another password`,
    `The tasks in ${cluster} are not damaged: stop every service and the PostgreSQL that use it, and move the file elsewhere. ` +
      'The next start then sets a new password.',
  );

const ifMissing = (error: unknown): string => {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
  throw error;
};

export const passwordFileOf = (cluster: string): string => join(cluster, 'taskhold.password');

/** A file of the cluster is missing, cut off or damaged. */
const damagedFile = (file: string, cluster: string): UnusableClusterError =>
  new UnusableClusterError(`${file} is missing, empty or damaged`, restoreBackup(cluster));

const checkVersion = async (cluster: string): Promise<void> => {
  const file = join(cluster, 'PG_VERSION');
  if (!/^\d+\s*$/.test(await readFile(file, 'utf8').catch(ifMissing))) throw damagedFile(file, cluster);
};

/**
 * Creates the cluster unless it exists. It is created in a temporary folder and renamed when it is complete and on disk, so
 * that a killed start leaves no incomplete cluster. If several services do this at the same time, the first rename wins,
 * and the others use that cluster.
 */
export const ensureCluster = async (
  dataDir: string,
  cluster: string,
  account: Account,
  { initdb }: Binaries,
  signal?: AbortSignal,
) => {
  await removeLeftovers(dataDir);
  if ((await isCluster(cluster)) || (await exists(join(cluster, 'global')))) {
    await changeOwner(cluster, account);
    await removeForeignRights(cluster);
    await checkVersion(cluster);
    return;
  }
  const temporary = await mkdtemp(join(dataDir, temporaryPrefix));
  try {
    const [created, password] = [join(temporary, 'cluster'), join(temporary, 'password')];
    await mkdir(created, { mode: 0o700 });
    await writeFile(password, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flush: true });
    await changeOwner(temporary, account);
    const args = [`--pgdata=${created}`, `--pwfile=${password}`, ...settings];
    await run({ account, folder: temporary, command: [initdb, args] }, signal).catch((error: unknown) => {
      signal?.throwIfAborted();
      throwExplained(error, dataDir);
    });
    await rename(password, passwordFileOf(created));
    await syncFolder(created);
    await moveIntoPlace(created, cluster);
    await syncFolder(dataDir);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
};

export const temporaryPrefix = 'postgres.new-';

// The cluster does not depend on the locale and the time zone of the machine.
const settings = [
  `--username=${superuser}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
];

const throwExplained = (error: unknown, dataDir: string): never => {
  const reason = error instanceof Error ? error.message : String(error);
  if (reason.includes('No space left on device'))
    throw new DataDirectoryError(dataDir, 'cannot be written: its disk is full');
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

const moveIntoPlace = async (created: string, cluster: string): Promise<void> => {
  try {
    await rename(created, cluster);
  } catch (error) {
    if (await isCluster(cluster)) return;
    if (!(await exists(cluster))) throw error;
    const problem = `${cluster} exists, but is not a PostgreSQL cluster`;
    throw new UnusableClusterError(problem, 'Move it elsewhere, or set another DATA_DIR.');
  }
};

/** Older temporary folders are left over from killed starts: creating a cluster takes less time. */
const abandonedAfterMs = 10 * 60_000;

const removeLeftovers = async (dataDir: string): Promise<void> => {
  const names = await readdir(dataDir);
  for (const name of names.filter((candidate) => candidate.startsWith(temporaryPrefix))) {
    const path = join(dataDir, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > abandonedAfterMs) {
      // A folder of another user cannot be removed. That must not prevent this start.
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
    }
  }
};

/** Makes the account that PostgreSQL runs as the owner of a folder that root created or copied. */
const changeOwner = async (folder: string, { owner }: Account): Promise<void> => {
  if (owner === null || (await stat(folder)).uid === owner.uid) return;
  const names = await readdir(folder, { recursive: true });
  for (const name of names) await lchown(join(folder, name), owner.uid, owner.gid);
  await chown(folder, owner.uid, owner.gid);
};

/** PostgreSQL refuses a folder that others may enter or its group may change, as some programs leave it when they copy one. */
const removeForeignRights = async (cluster: string): Promise<void> => {
  if (process.platform !== 'win32' && ((await stat(cluster)).mode & 0o027) !== 0) await chmod(cluster, 0o700);
};

/** A rename survives a power failure once its folder is synced. Windows neither supports nor needs this. */
export const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  await handle.sync();
};
