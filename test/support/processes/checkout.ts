import { chown, symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { embeddedFolder } from '../embedded-postgres/embedded-folder.ts';
import { startProgram, type Program, type ProgramOptions } from './program.ts';

const project = fileURLToPath(new URL('../../../', import.meta.url));

type Environment = Readonly<Record<string, string>>;

/** The project as somebody finds it who has just installed it: no `.env`, no data, nothing configured. */
export interface Checkout extends AsyncDisposable {
  readonly folder: string;
  /** Where the service keeps its data. */
  readonly data: string;
  /** Starts `node src/main.ts` on free ports. */
  start(environment?: Environment): Promise<Program>;
  /** Starts `npm` with these words, by the machine's own Node. */
  npm(words: readonly string[], environment?: Environment): Promise<Program>;
  /** Starts a script, as if it were pasted into a terminal. */
  bash(script: string): Promise<Program>;
}

export interface CheckoutOptions {
  /** Whose folder it is, and who runs the programs; whoever runs the tests, unless it is said otherwise. */
  readonly account?: ProgramOptions['account'];
  /** Data to begin with, which are copied; none, unless it is said otherwise. */
  readonly data?: string;
}

/** A folder of links to the project. */
export const checkout = async ({ account, data: original }: CheckoutOptions = {}): Promise<Checkout> => {
  await using undo = new AsyncDisposableStack();
  const { path: data } = undo.use(await embeddedFolder(original ?? null, '.data'));
  const folder = dirname(data);
  for (const name of ['package.json', 'src', 'node_modules'])
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
    npm: (words, environment) => run(['npm', ...words], environment),
    bash: (script) => run(['bash', '-c', script]),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

/** What a shell would have: nothing that npm or mocha has added for the run of the tests. */
const bareEnvironment = (home: string): NodeJS.ProcessEnv => ({
  // Set where coverage is measured, as what the programs run counts too, and where starts are to be quick.
  NODE_V8_COVERAGE: process.env['NODE_V8_COVERAGE'],
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
  HOME: home,
  npm_config_update_notifier: 'false',
  PATH: (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter),
});
