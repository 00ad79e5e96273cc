import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../../config/config.ts';

/** As for BETTER_AUTH_SECRET. */
const minimumBytes = 32;

/**
 * The secret of a service without a configured one. The first start creates it in the data folder with mode 600; later
 * starts read it, so that tokens stay valid after a restart. Throws {@link ConfigError} where the file is damaged.
 */
export const developmentSecret = async (dataDir: string): Promise<string> => {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'secret');
  const kept = await read(file);
  if (kept !== null) return checked(file, kept);
  await writeWhole(dataDir, file, randomBytes(48).toString('base64url'));
  return checked(file, (await read(file)) ?? Buffer.alloc(0));
};

const read = (file: string): Promise<Buffer | null> =>
  readFile(file).catch((error: unknown) => {
    const code = codeOf(error);
    if (code === 'ENOENT') return null;
    throw new ConfigError([
      `${file} cannot be read (${code ?? String(error)}): make it a file that this user may read, or remove it`,
    ]);
  });

/** A file that lost its contents in a power cut is empty, or has its length and zeros. */
const checked = (file: string, bytes: Buffer): string => {
  const text = bytes.toString('utf8');
  if (Buffer.byteLength(text.trim()) >= minimumBytes && !/\p{Cc}/u.test(text.trim())) return text;
  throw new ConfigError([
    `${file} is empty or damaged: it must have at least ${minimumBytes} bytes of text. Remove it: the next start ` +
      'creates another secret, and tokens that were signed with the old one are refused',
  ]);
};

/** The file has its name only once it is complete and on disk. Of several that do this at once, the first one stays. */
const writeWhole = async (folder: string, file: string, text: string): Promise<void> => {
  const draft = `${file}.new-${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    await link(draft, file);
    await syncFolder(folder);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
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

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
