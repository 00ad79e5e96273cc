import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../../config/config-error.ts';
import {
  checkDataDirectory,
  DataDirectoryError,
  dataDirectoryError,
  openDataDirectory,
} from '../../infrastructure/system/open-data-directory.ts';
import { readSecret } from './read-secret.ts';

/**
 * The secret of a service without a configured one. The first start creates it in the data folder with mode 600; later
 * starts and `npm run token` read it. Throws `ConfigError` if the file is not whole.
 */
export const developmentSecret = async (dataDir: string): Promise<string> => {
  const file = secretFileOf(dataDir);
  if (!existsSync(file)) {
    await openDataDirectory(dataDir).catch(refuseDataDirectory);
    await writeWhole(dataDir, file, randomBytes(48).toString('base64url')).catch((error: unknown) =>
      refuseDataDirectory(dataDirectoryError(dataDir, error)),
    );
  }
  return readSecret(file);
};

/** Checks that a start can read or create the secret. Creates nothing. Throws `ConfigError`. */
export const checkSecret = async (dataDir: string): Promise<void> => {
  const file = secretFileOf(dataDir);
  if (existsSync(file)) readSecret(file);
  else await checkDataDirectory(dataDir).catch(refuseDataDirectory);
};

const secretFileOf = (dataDir: string): string => join(dataDir, 'secret');

/** Throws {@link ConfigError} for a data directory that cannot be used, and any other error unchanged. */
export const refuseDataDirectory = (error: unknown): never => {
  if (!(error instanceof DataDirectoryError)) throw error;
  throw new ConfigError([
    `DATA_DIR ${error.message}; set DATA_DIR to a folder that this user may write, on a disk with free space`,
  ]);
};

/** The file has its name only once it is complete and on disk. If several processes do this at once, the first one wins. */
const writeWhole = async (folder: string, file: string, text: string): Promise<void> => {
  const draft = `${file}.new-${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    await link(draft, file).catch((error: unknown) => {
      if (!hasNoLinks(error)) throw error;
      return writeFile(file, text, { mode: 0o600, flag: 'wx', flush: true });
    });
    await syncFolder(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
};

/** A name survives a power cut once its folder is on disk. Windows has no call for it. */
const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  await handle.sync();
};

/** File systems such as exFAT have no hard links. */
const hasNoLinks = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(String(error.code));
