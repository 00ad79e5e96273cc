import { Interrupted, watchProcessEnd, type ProcessEnd } from '../bootstrap/process-end.ts';
import { ConfigError, configurationExitCode } from '../config/config-error.ts';
import { MissingBinaries } from '../infrastructure/embedded-postgres/binaries.ts';
import { MigrationBlockedError } from '../infrastructure/postgres/migration-blocked-error.ts';
import { redacted } from '../infrastructure/observability/loggable-error.ts';
import { standardError, standardOutput } from '../infrastructure/observability/standard-output.ts';

/** What a program is given. */
export interface Run {
  /** Closed at the end of the program, what was opened last first, on every way out. */
  readonly opened: AsyncDisposableStack;
  readonly end: ProcessEnd;
}

/** Maximum wait at exit for a blocked stdout or stderr. */
const flushTimeoutMs = 500;

/** Runs the service until a signal stops it, which is no failure; otherwise as {@link runCommand}. */
export const runService = (task: string, start: (run: Run) => Promise<void>): Promise<void> =>
  runProgram(
    task,
    async (run) => {
      await start(run);
      await run.end.interrupted;
    },
    0,
  );

/**
 * Runs a program that prints its result, and exits: with 0, 78 with every problem of the configuration, 1 with what went
 * wrong, or 128 and the number of the signal that stopped it. `task` completes the sentence "Taskhold cannot …".
 */
export const runCommand = (task: string, command: (run: Run) => Promise<string>): Promise<void> =>
  runProgram(task, async (run) => {
    standardOutput.write(`${await command(run)}\n`);
    await standardOutput.flush(flushTimeoutMs);
    if (standardOutput.isComplete) return;
    print(`Taskhold cannot ${task}: its output cannot be written`);
    run.end.begin(1);
  });

const runProgram = async (
  task: string,
  program: (run: Run) => Promise<void>,
  interruptedCode?: number,
): Promise<void> => {
  const end = watchProcessEnd((error) => print(`Taskhold has failed: ${described(error)}`));
  printWarnings();
  const opened = new AsyncDisposableStack();
  try {
    await Promise.race([program({ opened, end }), end.interrupted]);
    end.begin(0);
  } catch (error) {
    end.begin(error instanceof Interrupted ? (interruptedCode ?? error.exitCode) : exitCodeOf(error));
    if (!end.signal.aborted) explain(task, error);
  }
  try {
    await opened.disposeAsync();
  } catch (error) {
    end.begin(1);
    explain('stop cleanly', error);
  }
  await Promise.all([standardOutput.flush(flushTimeoutMs), standardError.flush(flushTimeoutMs)]);
  end.finish();
};

const exitCodeOf = (error: unknown): number => (error instanceof ConfigError ? configurationExitCode : 1);

const explain = (task: string, error: unknown): void =>
  print(
    error instanceof ConfigError
      ? `Taskhold cannot ${task} with this configuration:\n${bulleted(error.problems)}`
      : `Taskhold cannot ${task}: ${described(error)}`,
  );

const print = (text: string): void => standardError.write(`${text}\n`);

/** Node prints warnings by a write that waits for its reader. */
const printWarnings = (): void => {
  if (process.listenerCount('warning') === 0) return; // NODE_NO_WARNINGS
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => print(`${name}: ${redacted(message)}`));
};

const bulleted = (lines: readonly string[]): string => lines.map((line) => `  - ${line}`).join('\n');

const described = (error: unknown): string => {
  // These are complete without a stack.
  if (error instanceof MissingBinaries || error instanceof MigrationBlockedError) return error.message;
  return redacted(error instanceof Error ? (error.stack ?? error.message) : String(error));
};
