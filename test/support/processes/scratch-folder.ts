import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder of one test. Disposing removes it. */
export interface ScratchFolder extends AsyncDisposable {
  readonly folder: string;
}

/** In memory if more than 2 GB are free: a database has many small files, which some disks create slowly. */
export const scratchFolder = async (): Promise<ScratchFolder> => {
  const folder = await mkdtemp(join((await hasFreeSpace(memory)) ? memory : tmpdir(), 'taskhold-test-'));
  // Needed where the tests run as root: PostgreSQL runs as another user, which must reach its data.
  await chmod(folder, 0o711);
  return {
    folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 10 }),
  };
};

const memory = '/dev/shm';

const hasFreeSpace = async (folder: string): Promise<boolean> => {
  const found = await statfs(folder).catch(() => null);
  return found !== null && found.bavail * found.bsize > 2_000_000_000;
};
