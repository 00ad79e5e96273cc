import { redacted } from '../infrastructure/observability/loggable-error.ts';

/** What a program is called with. */
export interface CommandLine<Arguments> {
  /** Completes the sentence "Taskhold cannot …". */
  readonly task: string;
  /** What a bad configuration prevents. Default: the task. */
  readonly configuredTask?: string;
  readonly usage: string;
  /** Throws an error whose first sentence can be printed if the arguments are not valid. */
  readonly read: (args: readonly string[]) => Arguments;
}

/** EX_USAGE of sysexits.h. */
export const usageExitCode = 64;

/** The arguments are not valid. The message ends with the usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(reason: string, usage: string) {
    super(`${reason}\n\n${usage}`);
  }
}

/** Reads the arguments of this process. Null: they ask for the usage. Throws {@link UsageError}. */
export const readArguments = <Arguments>(
  { usage, read }: Pick<CommandLine<Arguments>, 'usage' | 'read'>,
  args: readonly string[] = process.argv.slice(2),
): Arguments | null => {
  const options = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (options.includes('--help') || options.includes('-h')) return null;
  try {
    return read(args);
  } catch (error) {
    // Node's parser adds sentences about "--", which npm removes.
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split(/(?<=\.)\s/);
    throw new UsageError(redacted(reason), usage);
  }
};

/** For a program without arguments. Does not repeat them, because they may be values of variables. */
export const refuseArguments = (args: readonly string[]): Readonly<Record<string, never>> => {
  if (args.length > 0) throw new Error('No arguments are expected.');
  return {};
};
