import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { processTreeOf, isAlive, signalAll } from '../../faults/processes/running-processes.ts';
import type { SystemAccount } from '../../support/postgres/system-account.ts';
import { until } from '../../support/until.ts';

/** A long-running program and its child processes. Disposing kills them. */
export interface Daemon extends AsyncDisposable {
  /** Starts it, and waits until it is ready. */
  start(): Promise<void>;
  /** SIGKILL to it and to all its descendants. */
  kill(): Promise<void>;
  /** The process id; 0 while it is not running. */
  pid(): number;
}

export interface DaemonOptions {
  readonly command: readonly [string, ...string[]];
  /** The working directory. */
  readonly folder: string;
  readonly log: string;
  readonly account: SystemAccount | null;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it is ready for use. */
  readonly isReady: () => Promise<boolean>;
  readonly readyMs?: number;
}

/** Returns the daemon without starting it. */
export const daemon = (options: DaemonOptions): Daemon => {
  const [program, ...args] = options.command;
  let child: ChildProcess | null = null;
  const isRunning = (): boolean => child !== null && child.exitCode === null && child.signalCode === null;

  const kill = async (): Promise<void> => {
    if (child === null || !isRunning()) return;
    const ended = once(child, 'exit');
    const pids = await processTreeOf(child.pid ?? 0);
    signalAll(pids, 'SIGKILL');
    await ended;
    await until(`all processes of ${program} have ended`, () => !pids.some(isAlive), 10_000);
  };

  const start = async (): Promise<void> => {
    await using log = await open(options.log, 'a');
    child = spawn(program, args, {
      ...options.account,
      cwd: options.folder,
      env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', ...options.environment },
      stdio: ['ignore', log.fd, log.fd],
    });
    await once(child, 'spawn');
    const isUp = async (): Promise<boolean> => {
      if (!isRunning())
        throw new Error(`${program} ended:\n${(await readFile(options.log, 'utf8')).slice(-2_000)}`);
      if (await options.isReady()) return true;
      await pause(50);
      return false;
    };
    await until(`${program} is ready`, isUp, options.readyMs ?? 10_000);
  };

  return {
    start,
    kill,
    pid: () => (isRunning() ? (child?.pid ?? 0) : 0),
    [Symbol.asyncDispose]: kill,
  };
};
