import { readFileSync } from 'node:fs';

/** One kill function for each launched process that still runs. */
const kills = new Set<() => void>();

/**
 * Registers `kill`, which runs if the process must exit before the child was stopped. Returns a function that unregisters
 * it.
 */
export const onForcedExit = (kill: () => void): (() => void) => {
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
