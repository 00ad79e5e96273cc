import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Account, CommandLine } from './embedded-account.ts';

// No more of the service's environment than a program needs to be found and loaded: it holds secrets, and PG… variables
// would change what PostgreSQL does. In the C locale messages are the same everywhere.
const passedOn = ['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP'];
const environment = (more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(passedOn.map((name) => [name, process.env[name]])),
  LC_ALL: 'C',
  TZ: 'UTC',
  ...more,
});

/**
 * Runs a program under the account to its end, in a session of its own: a Ctrl-C is for the service, which lets what it
 * has begun come to an end. Throws what the program wrote when it fails.
 */
export const run = async (account: Account, folder: string, program: string, args: readonly string[]) => {
  const [command, rest] = account.command(program, args);
  const child = spawn(command, rest, {
    ...account.ids,
    cwd: folder,
    env: environment(),
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [written] = await Promise.all([text(child.stderr), once(child, 'close')]);
  if (child.exitCode !== 0) throw new Error(`${program} failed. ${written}`.trim());
};

/** Starts a program under the account in a session of its own, where a terminal's Ctrl-C does not reach it. */
export const launch = (
  account: Account,
  folder: string,
  log: number,
  [program, args]: CommandLine,
  variables: Readonly<Record<string, string>>,
): ChildProcess => {
  const [command, rest] = account.command(program, args);
  return spawn(command, rest, {
    ...account.ids,
    cwd: folder,
    env: environment(variables),
    detached: true,
    windowsHide: true,
    stdio: ['ignore', log, log],
  });
};
