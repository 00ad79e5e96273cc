import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** A program in a process group of its own, as a terminal starts it. Disposing of it kills what is left of the group. */
export interface Program extends AsyncDisposable {
  /** Everything it has written so far, to standard output and standard error. */
  output(): string;
  /** Waits until it has written what matches; throws, with all it wrote, where it ends before or takes too long. */
  said(pattern: RegExp, deadlineMs?: number): Promise<RegExpExecArray>;
  /** To the program alone. */
  signal(signal: NodeJS.Signals): void;
  /** To the program and all it started: what a terminal does with Ctrl-C. */
  signalGroup(signal: NodeJS.Signals): void;
  /** The exit code, or the signal that killed it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  /** Whether a process of the group is still there. */
  isGroupAlive(): boolean;
}

export interface ProgramOptions {
  readonly cwd: string;
  /** All of its environment. */
  readonly environment: NodeJS.ProcessEnv;
  /** The user and group it runs as; its parent's, unless it is said otherwise. */
  readonly account?: { readonly uid: number; readonly gid: number };
}

export const startProgram = async (
  [command, ...args]: readonly [string, ...string[]],
  { cwd, environment, account }: ProgramOptions,
): Promise<Program> => {
  const child = spawn(command, args, {
    cwd,
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...account,
  });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (written += text));
  }
  const ended = once(child, 'close').then(() => child.exitCode ?? child.signalCode);
  await once(child, 'spawn');
  const group = -(child.pid ?? 0);

  const isGroupAlive = (): boolean => {
    try {
      return process.kill(group, 0);
    } catch {
      return false;
    }
  };
  const signalGroup = (signal: NodeJS.Signals): void => {
    if (isGroupAlive()) process.kill(group, signal);
  };
  return {
    ended,
    isGroupAlive,
    signalGroup,
    output: () => written,
    said: async (pattern, deadlineMs = 15_000) => {
      const deadline = performance.now() + deadlineMs;
      for (;;) {
        const over = child.exitCode !== null || child.signalCode !== null;
        const found = pattern.exec(written);
        if (found !== null) return found;
        if (over || performance.now() > deadline) {
          throw new Error(
            `${command} ${over ? 'ended' : 'runs'} without saying ${String(pattern)}:\n${written}`,
          );
        }
        await delay(10);
      }
    },
    signal: (signal) => void child.kill(signal),
    [Symbol.asyncDispose]: async () => {
      signalGroup('SIGKILL');
      await ended;
    },
  };
};
