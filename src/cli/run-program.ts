import { unreachableDatabaseLine } from '../bootstrap/failure-line.ts';
import { Interrupted, watchProcessEnd, type ProcessEnd } from '../bootstrap/process-end.ts';
import { ConfigError, configurationExitCode } from '../config/config-error.ts';
import { MissingBinaries } from '../infrastructure/embedded-postgres/binaries.ts';
import { MigrationBlockedError } from '../infrastructure/postgres/migration-blocked-error.ts';
import { redacted } from '../infrastructure/observability/loggable-error.ts';
import { isUnreachable } from '../infrastructure/postgres/connection/unreachable-error.ts';
import { standardError, standardOutput } from '../infrastructure/observability/standard-output.ts';
import { readArguments, UsageError, usageExitCode, type CommandLine } from './read-arguments.ts';

/** EX_UNAVAILABLE of sysexits.h: a service does not work. */
export const unavailableExitCode = 69;

/** What a program is given. */
export interface Run {
  /** Closed at the end of the program, what was opened last first, on every way out. */
  readonly opened: AsyncDisposableStack;
  readonly end: ProcessEnd;
}

/** Maximum wait at exit for a blocked stdout or stderr. */
const flushTimeoutMs = 500;

/** Runs the service until a signal stops it, which is no failure; otherwise as {@link runCommand}. */
export const runService = (line: CommandLine<unknown>, start: (run: Run) => Promise<void>): Promise<void> =>
  runProgram(
    line,
    async (run) => {
      await start(run);
      await run.end.interrupted;
    },
    0,
  );

/**
 * Runs a program that prints its result, and exits: with 0, 64 with the usage, 69 without a database, 78 with every problem
 * of the configuration, 1 with what went wrong, or 128 and the number of the signal that stopped it.
 */
export const runCommand = <Arguments>(
  line: CommandLine<Arguments>,
  command: (run: Run, args: Arguments) => Promise<string>,
): Promise<void> => runProgram(line, async (run, args) => printResult(line, run, await command(run, args)));

const printResult = async ({ task }: CommandLine<unknown>, { end }: Run, result: string): Promise<void> => {
  standardOutput.write(`${result}\n`);
  await standardOutput.flush(flushTimeoutMs);
  if (standardOutput.isComplete) return;
  print(`Taskhold cannot ${task}: its output cannot be written`);
  end.begin(1);
};

const runProgram = async <Arguments>(
  line: CommandLine<Arguments>,
  program: (run: Run, args: Arguments) => Promise<void>,
  interruptedCode?: number,
): Promise<void> => {
  const end = watchProcessEnd((error) => print(`Taskhold has failed: ${described(error)}`));
  printWarnings();
  const opened = new AsyncDisposableStack();
  try {
    const args = readArguments(line);
    const run = { opened, end };
    await Promise.race([
      args === null ? printResult(line, run, line.usage) : program(run, args),
      end.interrupted,
    ]);
    end.begin(0);
  } catch (error) {
    end.begin(error instanceof Interrupted ? (interruptedCode ?? error.exitCode) : exitCodeOf(error));
    if (!end.signal.aborted) explain(line, error);
  }
  try {
    await opened.disposeAsync();
  } catch (error) {
    end.begin(1);
    explain({ task: 'stop cleanly' }, error);
  }
  await Promise.all([standardOutput.flush(flushTimeoutMs), standardError.flush(flushTimeoutMs)]);
  end.finish();
};

const exitCodeOf = (error: unknown): number => {
  if (error instanceof UsageError) return usageExitCode;
  if (error instanceof ConfigError || missingPackageIn(error) !== null) return configurationExitCode;
  return isUnreachable(error) ? unavailableExitCode : 1;
};

type Task = Pick<CommandLine<unknown>, 'task' | 'configuredTask'>;

const explain = ({ task, configuredTask = task }: Task, error: unknown): void => {
  if (error instanceof UsageError) print(error.message);
  else if (error instanceof ConfigError)
    print(`Taskhold cannot ${configuredTask} with this configuration:\n${bulleted(error.problems)}`);
  else print(`Taskhold cannot ${task}: ${described(error)}`);
};

const print = (text: string): void => standardError.write(`${text}\n`);

/** Node prints warnings by a write that waits for its reader. */
const printWarnings = (): void => {
  if (process.listenerCount('warning') === 0) return; // NODE_NO_WARNINGS
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => print(`${name}: ${redacted(message)}`));
};

const bulleted = (lines: readonly string[]): string => lines.map((line) => `  - ${line}`).join('\n');

const described = (error: unknown): string => {
  const missing = missingPackageIn(error);
  if (missing !== null) return `${missing} is not installed. Run: npm ci`;
  // These are complete without a stack.
  if (error instanceof MissingBinaries || error instanceof MigrationBlockedError) return error.message;
  if (isUnreachable(error)) return unreachableDatabaseLine(error);
  return redacted(error instanceof Error ? (error.stack ?? error.message) : String(error));
};

/** The package that an `import()` did not find. Those that are missing from the beginning are reported by `launch.js`. */
const missingPackageIn = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
    ? (/^Cannot find package '((?:@[^/']+\/)?[^/']+)/.exec(error.message)?.[1] ?? null)
    : null;
