import { chown, symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { embeddedFolder } from '../embedded-postgres/embedded-folder.ts';
import { startProgram, type Program, type ProgramOptions } from './program.ts';

const project = fileURLToPath(new URL('../../../', import.meta.url));

type Environment = Readonly<Record<string, string>>;

/** The project after its installation: no `.env`, no data, no configuration. */
export interface Checkout extends AsyncDisposable {
  readonly folder: string;
  /** Where the service keeps its data. */
  readonly data: string;
  /** Starts `node src/main.ts` on free ports. */
  start(environment?: Environment): Promise<Program>;
  /** Starts `npm` with these arguments, with the system's Node. */
  npm(args: readonly string[], environment?: Environment): Promise<Program>;
  /** Runs a script with Bash, as if pasted into a terminal. */
  bash(script: string): Promise<Program>;
}

interface CheckoutOptions {
  /** The user who owns the folder and runs the programs. Default: the user of the tests. */
  readonly account?: ProgramOptions['account'];
  /** A data folder to copy. Default: no data. */
  readonly data?: string;
}

/** A folder of links to the project. */
export const checkout = async ({ account, data: original }: CheckoutOptions = {}): Promise<Checkout> => {
  await using undo = new AsyncDisposableStack();
  const { path: data } = undo.use(await embeddedFolder(original ?? null, '.data'));
  const folder = dirname(data);
  for (const name of ['package.json', 'src', 'examples', 'client', 'node_modules'])
    await symlink(join(project, name), join(folder, name));
  if (account !== undefined) await chown(folder, account.uid, account.gid);

  const resources = undo.move();
  const run = async (command: readonly [string, ...string[]], environment: Environment = {}) =>
    resources.use(
      await startProgram(command, {
        cwd: folder,
        environment: { ...bareEnvironment(folder), PORT: '0', OPS_PORT: '0', ...environment },
        ...(account === undefined ? {} : { account }),
      }),
    );
  return {
    folder,
    data,
    start: (environment) => run([process.execPath, 'src/main.ts'], environment),
    npm: (args, environment) => run(['npm', ...args], environment),
    bash: (script) => run(['bash', '-c', script]),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

/** The environment of a shell, without what npm and mocha add. */
const bareEnvironment = (home: string): NodeJS.ProcessEnv => ({
  // So that coverage includes the programs, and that they start faster.
  NODE_V8_COVERAGE: process.env['NODE_V8_COVERAGE'],
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
  HOME: home,
  npm_config_update_notifier: 'false',
  PATH: (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter),
});
