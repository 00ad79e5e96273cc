import { readFileSync } from 'node:fs';

/** What ends, one each, the processes that were launched and not stopped yet. */
const kills = new Set<() => void>();

/** Has this called where the process must end before it could stop what it launched. Returns what takes it back. */
export const atLastMoment = (kill: () => void): (() => void) => {
  kills.add(kill);
  return () => void kills.delete(kill);
};

/** Kills every process that was launched and is not stopped. PostgreSQL recovers what was committed at its next start. */
export const killLaunched = (): void => {
  for (const kill of kills) kill();
  kills.clear();
};

/** Kills a process, or with a negative number a process group, if it exists. */
export const killNow = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
};

/** Whether the command line of a process contains this text; outside of Linux false. */
export const hasArgument = (pid: number, text: string): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(text);
  } catch {
    return false;
  }
};
