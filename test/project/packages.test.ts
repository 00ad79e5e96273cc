import { expect } from 'chai';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageJson from '../../package.json' with { type: 'json' };
import { importsOf, packageOf } from '../support/architecture/imports.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The packages that these sources import, in any form. */
const importedBy = async (...patterns: readonly string[]): Promise<ReadonlySet<string>> => {
  const found = new Set<string>();
  for await (const path of glob(patterns, { cwd: root, exclude: ['**/node_modules/**'] }))
    for (const { specifier } of importsOf(path, await readFile(join(root, path), 'utf8')))
      found.add(packageOf(specifier));
  return found;
};

/** The programs in npm scripts, and the packages that contain them. */
const programs: Readonly<Record<string, string>> = {
  c8: 'c8',
  eslint: 'eslint',
  mocha: 'mocha',
  node: 'node',
  prettier: 'prettier',
  stryker: '@stryker-mutator/core',
  tsc: 'typescript',
};

const words = new Set(Object.values(packageJson.scripts).flatMap((script) => script.split(' ')));

describe('installed packages', () => {
  it('given each dependency: the service imports it', async () => {
    const imported = await importedBy('src/**/*.ts');
    expect(Object.keys(packageJson.dependencies).filter((name) => !imported.has(name))).to.deep.equal([]);
  });

  it('given each development dependency: a test, a tool or an example uses it', async () => {
    const imported = await importedBy('{src,test,bench,scripts,examples}/**/*.{ts,js}', '*.js');
    const run = new Set(Object.entries(programs).flatMap(([word, name]) => (words.has(word) ? [name] : [])));
    const isUsed = (name: string): boolean => imported.has(name) || run.has(name);
    const unused = Object.keys(packageJson.devDependencies).filter((name) => {
      // The types of `koa__cors` are those of `@koa/cors`; Node's and mocha's need no import.
      const typed = /^@types\/(?:(\w+)__)?(.+)$/.exec(name);
      if (typed === null) return !isUsed(name);
      const [, scope, plain = ''] = typed;
      return !isUsed(scope === undefined ? plain : `@${scope}/${plain}`);
    });
    expect(unused).to.deep.equal([]);
  });
});
