import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Site } from './site.ts';

const run = promisify(execFile);

/** Large enough for a cluster with little WAL, and small enough to be filled quickly. */
const megabytes = 256;

/** The data folder of a node. Disposing unmounts it where it is a separate file system. */
export interface Disk extends AsyncDisposable {
  readonly folder: string;
  /**
   * Keeps the disk full for this time, in milliseconds, then frees it. Null where the disk is not a separate file
   * system, which needs root and a mount.
   */
  readonly keepFull: ((milliseconds: number) => Promise<void>) | null;
}

export const createDisk = async ({ folder: site, account }: Site, name: string): Promise<Disk> => {
  const folder = join(site, name);
  await mkdir(folder);
  const isMounted = await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], {
    timeout: 10_000,
  }).then(
    () => true,
    () => false,
  );
  if (account !== null) await chown(folder, account.uid, account.gid);
  await chmod(folder, 0o700);
  const filler = join(folder, 'filler');
  return {
    folder,
    keepFull: isMounted ? (milliseconds) => keepFull(folder, filler, milliseconds) : null,
    [Symbol.asyncDispose]: async () => {
      // Lazy, so that an open file does not block the unmount.
      if (isMounted) await run('umount', ['--lazy', folder], { timeout: 10_000 });
    },
  };
};

const keepFull = async (folder: string, filler: string, milliseconds: number): Promise<void> => {
  const end = performance.now() + milliseconds;
  try {
    while (performance.now() < end) {
      await fill(folder, filler);
      await pause(100);
    }
  } finally {
    await rm(filler, { force: true });
  }
};

const fill = async (folder: string, filler: string): Promise<void> => {
  for (let bytes = await freeBytes(folder); bytes > 0; bytes = await freeBytes(folder))
    await writeFile(filler, Buffer.alloc(Math.min(bytes, 16_777_216)), { flag: 'a' }).catch(unlessFull);
};

/** PostgreSQL may have used the last bytes meanwhile. */
const unlessFull = (error: unknown): void => {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
};

const freeBytes = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};
