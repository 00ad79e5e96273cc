import { execFile } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { scratchFolder } from '../processes/scratch-folder.ts';

const run = promisify(execFile);
const project = fileURLToPath(new URL('../../../', import.meta.url));

/** A copy of compose.yaml and what it mounts. Disposing removes its containers, networks and volumes. */
export interface ComposeProject extends AsyncDisposable {
  readonly folder: string;
  /** Runs a Compose command, such as `up`. Returns its output; throws, with the output, if it fails. */
  compose(...args: readonly string[]): Promise<string>;
}

/** How Compose is called on this machine: its plugin or, before that, a program of its own. Null: it is not installed. */
const composeCommand = async (): Promise<readonly [string, ...string[]] | null> => {
  for (const command of [['docker', 'compose'], ['docker-compose']] as const) {
    const [file, ...args] = command;
    const isInstalled = await run(file, [...args, 'version']).then(
      () => true,
      () => false,
    );
    if (isInstalled) return command;
  }
  return null;
};

export const composeProject = async (
  environment: Readonly<Record<string, string>>,
): Promise<ComposeProject | null> => {
  const command = await composeCommand();
  if (command === null) return null;
  const scratch = await scratchFolder();
  const { folder } = scratch;
  await cp(join(project, 'compose.yaml'), join(folder, 'compose.yaml'));
  await mkdir(join(folder, 'deploy'));
  const isSource = (path: string): boolean => !path.endsWith('/secrets');
  await cp(join(project, 'deploy'), join(folder, 'deploy'), { recursive: true, filter: isSource });
  const [file, ...before] = command;
  const compose = async (...args: readonly string[]): Promise<string> => {
    const options = { cwd: folder, env: { ...process.env, ...environment }, timeout: 120_000 };
    const { stdout, stderr } = await run(file, [...before, ...args], options);
    return stdout + stderr;
  };
  return {
    folder,
    compose,
    [Symbol.asyncDispose]: async () => {
      await compose('--profile', 'redis', 'down', '--volumes', '--timeout', '1');
      await scratch[Symbol.asyncDispose]();
    },
  };
};
