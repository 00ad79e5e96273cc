import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { killLaunched } from '../infrastructure/embedded-postgres/launched-processes.ts';
import { isHangupIgnored } from './hangup.ts';

/** A signal asked the process to end. */
export class Interrupted extends Error {
  readonly signal: NodeJS.Signals;

  /** The code that a shell gives to a program which this signal ended. */
  get exitCode(): number {
    return 128 + constants.signals[this.signal];
  }

  constructor(signal: NodeJS.Signals) {
    super(`Interrupted by ${signal}`);
    this.signal = signal;
  }
}

export interface ProcessEnd {
  /** Aborted by the first signal, with {@link Interrupted} as its reason, and by an error that nothing caught. */
  readonly signal: AbortSignal;
  /** Rejects with that reason. */
  readonly interrupted: Promise<never>;
  /** Sets the longest time from the decision to end to the end, in milliseconds. */
  limitTo(milliseconds: number): void;
  /** The process has decided to end: the time starts. The first code that is not 0 counts. */
  begin(code: number): void;
  /** Everything is closed: ends the process, even where something keeps Node alive. */
  finish(): void;
}

const defaultLimitMs = 10_000;

/** Node ends by itself within this time where nothing is left that keeps it alive, in milliseconds. */
const lingerMs = 300;

/** Sent by orchestrators, terminals and operators. Windows has no others, and refuses listeners of some. */
const stopSignals: readonly NodeJS.Signals[] =
  process.platform === 'win32' ? ['SIGTERM', 'SIGINT'] : ['SIGTERM', 'SIGINT', 'SIGQUIT'];

/**
 * Signals that would end the process at once, with requests in progress and without stopping what was launched: SIGUSR2 is
 * sent by nodemon and PM2, SIGXCPU by a limit of processor time, SIGPWR where the power fails. Not among them are those of
 * a fault in this process, after which no code may run; real-time signals, for which Node has no listener; and SIGPROF, with
 * which V8 samples for --cpu-prof.
 */
const otherSignals = [
  'SIGABRT',
  'SIGALRM',
  'SIGIO',
  'SIGPWR',
  'SIGSTKFLT',
  'SIGUSR2',
  'SIGVTALRM',
  'SIGXCPU',
] as const;

/**
 * The one place that decides about signals and the exit of this process: SIGTERM (an orchestrator), SIGINT (Ctrl-C), SIGQUIT,
 * the signals of {@link otherSignals}, and SIGHUP (a closed terminal) unless it was ignored at the start. Further signals
 * change nothing: npm sends each one twice.
 */
export const watchProcessEnd = (uncaught: (error: unknown) => void): ProcessEnd => {
  const stopping = new AbortController();
  let limitMs = defaultLimitMs;
  let hasFailed = false;
  let deadline: NodeJS.Timeout | null = null;
  ignoreOutputErrors();

  const begin = (code: number): void => {
    if (process.exitCode === undefined || process.exitCode === 0) process.exitCode = code; // the first failure counts
    deadline ??= setTimeout(endNow, limitMs).unref();
  };
  const interrupt = (signal: NodeJS.Signals): void => {
    begin(0);
    stopping.abort(new Interrupted(signal));
  };
  const hangup = isHangupIgnored() ? () => undefined : interrupt;
  process.on('SIGHUP', hangup);
  // A listener of other code, such as one preloaded by NODE_OPTIONS, must not replace an orderly stop.
  for (const signal of stopSignals) process.on(signal, interrupt);
  for (const signal of process.platform === 'win32' ? [] : otherSignals)
    // A listener is there already where an option of Node gave the signal a meaning, such as --heapsnapshot-signal.
    if (process.listenerCount(signal) === 0) process.on(signal, interrupt);
  process.on('uncaughtException', (error) => {
    // One: the same bug may come with every request that is still answered.
    if (!hasFailed) uncaught(error);
    hasFailed = true;
    begin(1);
    stopping.abort(error);
  });

  const interrupted = new Promise<never>((_resolve, reject) => {
    stopping.signal.addEventListener('abort', () => reject(reasonOf(stopping.signal)));
  });
  interrupted.catch(() => undefined);
  return {
    signal: stopping.signal,
    interrupted,
    limitTo: (limit) => {
      limitMs = limit;
    },
    begin,
    finish: () => void setTimeout(endNow, lingerMs).unref(),
  };
};

/**
 * A library may print through `process.stdout` or `process.stderr`, and without a listener an error of them would be an
 * uncaught exception. They are not created here: that makes a pipe non-blocking for every process that shares it.
 */
const ignoreOutputErrors = (): void => {
  for (const name of ['stdout', 'stderr'] as const) {
    const original = Object.getOwnPropertyDescriptor(process, name);
    if (original?.get === undefined) continue;
    let ignored: unknown;
    const get = (): unknown => {
      const stream: unknown = original.get?.();
      if (stream !== ignored && stream instanceof EventEmitter) {
        stream.removeAllListeners('error').on('error', () => undefined);
        ignored = stream;
      }
      return stream;
    };
    Object.defineProperty(process, name, { ...original, get });
  }
  // Slonik's logger has created it when it was loaded, with a listener that throws.
  process.stdout.listenerCount('error');
};

/**
 * From now on SIGUSR1 does nothing. By default Node starts its debugger then, over which every user of the machine can run
 * code in this process and read its secrets. A listener replaces that.
 */
export const refuseDebugger = (): void => {
  process.on('SIGUSR1', () => undefined);
};

const reasonOf = ({ reason }: AbortSignal): Error =>
  reason instanceof Error ? reason : new Error(String(reason));

const shell = '/bin/sh';

/**
 * Ends at once, and what was launched with it. `process.exit` waits for threads, and one of them may be waiting for a disk
 * or a name server that does not answer; `execve` replaces the process, and so ends every thread.
 */
const endNow = (): never => {
  killLaunched();
  const code = process.exitCode ?? 0;
  // A shell starts within milliseconds; the other one is for images without a shell.
  if (existsSync(shell)) process.execve?.(shell, [shell, '-c', `exit ${code}`], {});
  process.execve?.(process.execPath, [process.execPath, '--eval', `process.exit(${code})`], {});
  process.exit(code);
};
