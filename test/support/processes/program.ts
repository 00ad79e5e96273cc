import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** A program in its own process group, as a terminal starts it. Disposing kills the group. */
export interface Program extends AsyncDisposable {
  /** Its standard output and standard error so far. */
  output(): string;
  /** Waits until the output matches; throws, with the output, if the program ends before or the deadline passes. */
  printed(pattern: RegExp, deadlineMs?: number): Promise<RegExpExecArray>;
  /** Sends a signal to the program only. */
  signal(signal: NodeJS.Signals): void;
  /** Sends a signal to the process group, as a terminal does for Ctrl-C. */
  signalGroup(signal: NodeJS.Signals): void;
  /** The exit code, or the signal that killed it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  /** Whether a process of the group still exists. */
  isGroupAlive(): boolean;
}

export interface ProgramOptions {
  readonly cwd: string;
  /** The complete environment. */
  readonly environment: NodeJS.ProcessEnv;
  /** The user and group of the process. Default: those of the parent. */
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
    printed: async (pattern, deadlineMs = 15_000) => {
      const deadline = performance.now() + deadlineMs;
      for (;;) {
        const over = child.exitCode !== null || child.signalCode !== null;
        const found = pattern.exec(written);
        if (found !== null) return found;
        if (over || performance.now() > deadline) {
          throw new Error(
            `${command} ${over ? 'ended' : 'runs'} without printing ${String(pattern)}:\n${written}`,
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
