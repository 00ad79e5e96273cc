/*
 * Starts a TypeScript program: `node src/cli/launch.js src/main.ts …`. It is plain JavaScript, which old versions of Node can
 * run too, and prints one line if the installation is incomplete, instead of a loader error of Node.
 */
import { existsSync } from 'fs';
import { resolve } from 'path';
import { fileURLToPath, pathToFileURL, URL } from 'url';

const oldestNode = 24;

/** EX_CONFIG of sysexits.h, as for a bad configuration: a restart does not help. */
const configurationExitCode = 78;

const root = fileURLToPath(new URL('../../', import.meta.url));
const isInstalled = (path) => existsSync(resolve(root, 'node_modules', path));

const refuse = (problem, command) => {
  process.stderr.write('Taskhold cannot start: ' + problem + ' Run: ' + command + '\n');
  process.exit(configurationExitCode);
};

const rebuildNode = 'npm rebuild node --ignore-scripts=false';

const refuseOldNode = () => {
  const found = 'this is Node ' + process.versions.node + ', and Taskhold needs ' + oldestNode + ' or newer.';
  if (!isInstalled('node/package.json'))
    refuse(
      found + ' The package "node", a development dependency, is not installed.',
      'npm ci --include=dev',
    );
  if (!isInstalled('node/bin/node'))
    refuse(found + ' The install script of the package "node" was not run.', rebuildNode);
  refuse(found + ' The Node of the project is in node_modules/.bin.', 'npm start');
};

const [target] = process.argv.splice(2, 1);
const isDevelopmentProgram = /^(scripts|bench|examples)\//.test(target);

if (!isInstalled('.')) refuse('the packages are not installed (no folder node_modules).', 'npm ci');
if (Number(process.versions.node.split('.')[0]) < oldestNode) refuseOldNode();
if (isDevelopmentProgram && !(isInstalled('mocha') && isInstalled('typescript')))
  refuse('the development dependencies are not installed.', 'npm ci --include=dev');

// Programs find their own path and their arguments where they would without this file.
process.argv[1] = resolve(target);
import(pathToFileURL(process.argv[1]).href).catch((error) => {
  const missing = /^Cannot find (?:package|module) '([^']+)'/.exec(error.message);
  if (!/MODULE_NOT_FOUND$/.test(error.code) || missing === null) throw error;
  if (/^[./]/.test(missing[1]) && !missing[1].includes('node_modules')) throw error;
  refuse(missing[1] + ' is not installed.', 'npm ci');
});
