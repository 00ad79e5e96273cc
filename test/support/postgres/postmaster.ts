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
  if (!isThere(pid)) return false;
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  // Null: there is no such file system here, or the process has gone meanwhile.
  return line === null ? isThere(pid) : line !== '';
};

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Waits until something holds; throws if that takes ten seconds. */
export const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`In vain for 10 s: ${what}.`);
    await delay(10);
  }
};
