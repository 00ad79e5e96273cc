import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { onForcedExit, killNow } from './launched-processes.ts';

// Only the variables that are needed to find and load a program: others hold secrets, and PG… variables change what
// PostgreSQL does. In the C locale messages are the same on all machines.
const inheritedVariables = ['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP'];
const environment = (additional: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(inheritedVariables.map((name) => [name, process.env[name]])),
  LC_ALL: 'C',
  TZ: 'UTC',
  ...additional,
});

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** How to run a program under the account that owns the cluster. */
export interface Account {
  /** Null: the service's own account. */
  readonly owner: SystemUser | null;
  /** The user and group that the process is started with. */
  readonly ids: Partial<SystemUser>;
  /** The command line for a program. */
  command(program: string, args: readonly string[]): CommandLine;
}

export type CommandLine = readonly [program: string, args: readonly string[]];

interface Launch {
  readonly account: Account;
  /** The working directory. */
  readonly folder: string;
  readonly command: CommandLine;
}

/**
 * Starts a program under the account in a session of its own, so that Ctrl-C reaches only the service, which then stops
 * the program after its last requests.
 */
export const launch = (
  { account, folder, command }: Launch,
  stdio: StdioOptions,
  variables: Readonly<Record<string, string>> = {},
): ChildProcess => {
  const [program, args] = account.command(...command);
  const settings = { ...account.ids, cwd: folder, env: environment(variables), stdio };
  return spawn(program, args, { ...settings, detached: true, windowsHide: true });
};

interface Program extends Launch {
  /** A file descriptor for its standard input; default none. */
  readonly input?: number;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Runs a program to its end. Throws what it wrote when it fails. It is killed, with what it started, on `abort`. */
export const run = async (program: Program, abort?: AbortSignal): Promise<void> => {
  abort?.throwIfAborted();
  const child = launch(program, [program.input ?? 'ignore', 'ignore', 'pipe'], program.variables);
  const kill = (): void => {
    if (child.pid !== undefined) killNow(-child.pid);
  };
  const ended: Promise<unknown[]> = once(child, 'close');
  const complaint = child.stderr === null ? '' : text(child.stderr);
  abort?.addEventListener('abort', kill);
  const unregister = onForcedExit(kill);
  const [[code, signal], reason] = await Promise.all([ended, complaint]).finally(() => {
    abort?.removeEventListener('abort', kill);
    unregister();
  });
  abort?.throwIfAborted();
  if (code !== 0)
    throw new Error(`${program.command[0]} ended with ${String(code ?? signal)}: ${reason.trim()}`);
};
