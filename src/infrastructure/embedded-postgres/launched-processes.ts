import { readdirSync, readFileSync } from 'node:fs';

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

/**
 * Kills a PostgreSQL server. Its processes end by themselves when they notice, but not where they are stopped (SIGSTOP): on
 * Linux they are killed as well, because the server could not be started again while one of them exists.
 */
export const killServer = (postmaster: number): void => {
  const children = childrenOf(postmaster);
  killNow(postmaster);
  for (const pid of children) killNow(pid);
};

const childrenOf = (parent: number): readonly number[] =>
  processIds().filter((pid) => new RegExp(`^PPid:\\s*${parent}$`, 'm').test(statusOf(pid)));

const processIds = (): readonly number[] => {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return []; // no Linux
  }
};

const statusOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return ''; // it has ended
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

/** Whether the command line of any process contains this text; outside of Linux false. */
export const isArgument = (text: string): boolean => processIds().some((pid) => hasArgument(pid, text));
