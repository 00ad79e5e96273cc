import { readdir, readFile } from 'node:fs/promises';

/** The ids of the process and of all its descendants. */
export const processTreeOf = async (pid: number): Promise<readonly number[]> => {
  const children = new Map<number, number[]>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => null); // the process may have ended meanwhile
    if (stat === null) continue;
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const descend = (one: number): number[] => [one, ...(children.get(one) ?? []).flatMap(descend)];
  return descend(pid);
};

/** The processes whose command line contains this folder, and all their descendants. */
export const runningOn = async (folder: string): Promise<readonly number[]> => {
  const found = new Set<number>();
  for (const name of await readdir('/proc')) {
    const command = /^\d+$/.test(name) ? await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '') : '';
    if (command.includes(folder)) for (const pid of await processTreeOf(Number(name))) found.add(pid);
  }
  return [...found];
};

/** Sends a signal to the processes that still exist. */
export const signalAll = (pids: readonly number[], signal: NodeJS.Signals): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
};

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
