import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The process of the server whose data are in `<folder>/postgres`; null where none says it runs. */
export const postmasterOf = async (folder: string): Promise<number | null> => {
  const text = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8').catch(() => null);
  return text === null ? null : Number.parseInt(text, 10);
};

/** Whether a process runs. One that has ended, and that its parent has not looked after yet, does not. */
export const isAlive = async (pid: number): Promise<boolean> => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'no such file system')) !== '';
};

/** Waits until something holds; throws if that takes ten seconds. */
export const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`In vain for 10 s: ${what}.`);
    await delay(10);
  }
};
