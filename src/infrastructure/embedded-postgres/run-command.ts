import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

// No more of the service's environment than a program needs to be found and loaded: it holds secrets, and PG… variables
// would change what PostgreSQL does. In the C locale messages are the same everywhere.
const passedOn = ['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP'];
const environment = (more: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(passedOn.map((name) => [name, process.env[name]])),
  LC_ALL: 'C',
  TZ: 'UTC',
  ...more,
});

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** How to run a program under the account that owns the cluster. */
export interface Account {
  /** Null: the service's own account. */
  readonly owner: Owner | null;
  /** What the process is to become by itself. */
  readonly ids: Partial<Owner>;
  /** The command line for a program. */
  command(program: string, args: readonly string[]): CommandLine;
}

export type CommandLine = readonly [program: string, args: readonly string[]];

export interface Launch {
  readonly account: Account;
  /** Where it starts. */
  readonly folder: string;
  readonly command: CommandLine;
}

/**
 * Starts a program under the account in a session of its own: a Ctrl-C is for the service, which lets what it has begun
 * come to an end.
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

/** Runs a program to its end. Throws what it wrote when it fails. */
export const run = async (what: Launch): Promise<void> => {
  const child = launch(what, ['ignore', 'ignore', 'pipe']);
  const ended: Promise<unknown[]> = once(child, 'close');
  const complaint = child.stderr === null ? '' : text(child.stderr);
  const [[code, signal], reason] = await Promise.all([ended, complaint]);
  if (code !== 0)
    throw new Error(`${what.command[0]} ended with ${String(code ?? signal)}: ${reason.trim()}`);
};
