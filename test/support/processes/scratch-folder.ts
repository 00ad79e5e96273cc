import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of a test's own; disposing of it removes it. */
export interface ScratchFolder extends AsyncDisposable {
  readonly folder: string;
}

/** In memory where there is plenty: a database is many small files, which some disks are slow to create. */
export const scratchFolder = async (): Promise<ScratchFolder> => {
  const folder = await mkdtemp(join((await hasRoom(memory)) ? memory : tmpdir(), 'taskhold-test-'));
  // Tests that run as root in a container need this: PostgreSQL runs as another user, which has to get there.
  await chmod(folder, 0o711);
  return {
    folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 10 }),
  };
};

const memory = '/dev/shm';

const hasRoom = async (folder: string): Promise<boolean> => {
  const found = await statfs(folder).catch(() => null);
  return found !== null && found.bavail * found.bsize > 2_000_000_000;
};
