import { randomBytes } from 'node:crypto';
import { mkdir, realpath, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** The data directory cannot be used. The message names the folder and the reason. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';

  constructor(path: string, reason: string) {
    super(`${path} ${reason}`);
  }
}

/**
 * Creates the data directory with mode 700 unless it exists, and checks by a file that it can be written. Returns its real
 * path. Throws {@link DataDirectoryError}.
 */
export const openDataDirectory = async (path: string): Promise<string> => {
  await createAndProbe(path);
  return realpath(path);
};

/** As {@link openDataDirectory}, but removes what it has created. */
export const checkDataDirectory = async (path: string): Promise<void> => {
  for (const folder of await createAndProbe(path)) await rmdir(folder).catch(() => undefined);
};

/** Returns the folders that it has created, the innermost first. */
const createAndProbe = async (path: string): Promise<readonly string[]> => {
  const created: string[] = [];
  try {
    await create(resolve(path), path, created);
    await probe(path);
  } catch (error) {
    throw dataDirectoryError(path, error);
  }
  return created.toReversed();
};

/** Level by level: `mkdir` of Node with `recursive` never settles where the system returns ENOENT for a parent that exists. */
const create = async (folder: string, path: string, created: string[]): Promise<void> => {
  if (await isFolder(folder, path)) return;
  if (dirname(folder) !== folder) await create(dirname(folder), path, created);
  try {
    await mkdir(folder, 0o700);
    created.push(folder);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    // Another process has created it, or it is a link that leads nowhere.
    if (!(await isFolder(folder, path)))
      throw new DataDirectoryError(path, 'is a link to a folder that does not exist');
  }
};

const isFolder = async (folder: string, path: string): Promise<boolean> => {
  const found = await stat(folder).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return null;
    throw error;
  });
  if (found?.isDirectory() === false)
    throw new DataDirectoryError(
      path,
      folder === resolve(path) ? 'is not a folder' : `cannot be created: ${folder} is not a folder`,
    );
  return found !== null;
};

const probeBytes = 4_096;

const probe = async (path: string): Promise<void> => {
  const file = join(path, `.probe-${randomBytes(6).toString('hex')}`);
  try {
    await writeFile(file, Buffer.alloc(probeBytes), { mode: 0o600, flag: 'wx' });
  } finally {
    await rm(file, { force: true });
  }
};

/** An error of the file system in words. Other errors are returned unchanged. */
export const dataDirectoryError = (path: string, error: unknown): unknown => {
  const code = codeOf(error);
  if (code === '') return error;
  return new DataDirectoryError(path, reasons[code] ?? `cannot be created or written: ${code}`);
};

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'cannot be written by this user',
  EDQUOT: "cannot be written: the user's quota of the disk is used up",
  ENOENT: 'cannot be created',
  ENOSPC: 'cannot be written: its disk is full',
  EPERM: 'cannot be written by this user',
  EROFS: 'cannot be written: its file system is read-only',
};

/** The code of an error of the operating system, or an empty text. */
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && 'syscall' in error ? String(error.code) : '';
