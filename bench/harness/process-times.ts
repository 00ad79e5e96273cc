import { readdir, readFile } from 'node:fs/promises';

const ticksPerSecond = 100; // USER_HZ, the same on every Linux

interface ProcessTimes {
  readonly parent: number;
  /** Milliseconds of CPU time since the start of the process, and of its children that have ended. */
  readonly ownMs: number;
  readonly endedChildrenMs: number;
}

const timesOf = async (pid: number): Promise<ProcessTimes> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name of the program comes first, in parentheses, and can have spaces.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const ms = (index: number) => ((fields[index] ?? 0) * 1000) / ticksPerSecond;
  return { parent: fields[1] ?? 0, ownMs: ms(11) + ms(12), endedChildrenMs: ms(13) + ms(14) };
};

/** Milliseconds of CPU time of a process since its start. */
export const cpuMsOf = async (pid: number): Promise<number> => (await timesOf(pid)).ownMs;

/** The process that started this one. */
export const parentOf = async (pid: number): Promise<number> => (await timesOf(pid)).parent;

/** Milliseconds of CPU time of a server and all its processes, those that have ended too. */
export const cpuMsOfServer = async (pid: number): Promise<number> => {
  const own = await timesOf(pid);
  let sum = own.ownMs + own.endedChildrenMs;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const times = await timesOf(Number(name)).catch(() => null); // it may have ended
    if (times?.parent === pid) sum += times.ownMs;
  }
  return sum;
};
