import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The process id in `<folder>/postgres/postmaster.pid`; null if there is no such file. */
export const postmasterOf = async (folder: string): Promise<number | null> => {
  const text = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8').catch(() => null);
  return text === null ? null : Number.parseInt(text, 10);
};

/** Whether a process is running. A zombie is not. */
export const isAlive = async (pid: number): Promise<boolean> => {
  if (!exists(pid)) return false;
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  // Null: this system has no /proc, or the process has ended meanwhile.
  return line === null ? exists(pid) : line !== '';
};

const exists = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Waits until the condition holds; throws after ten seconds. */
export const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Not within 10 s: ${what}`);
    await delay(10);
  }
};
