import { glob, readdir, readFile } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import packageJson from '../package.json' with { type: 'json' };
import { packagesWithRooms, violations } from './support/architecture/architecture.ts';
import { importsOf, packageOf } from './support/architecture/imports.ts';

const root = fileURLToPath(new URL('../src', import.meta.url));

const readSources = async (): Promise<Map<string, string>> => {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'));
  const paths = files.map(({ parentPath, name }) => `${parentPath}${sep}${name}`);
  const read = paths.map(async (path) => {
    const below = relative(root, path).split(sep).join('/');
    return [below, await readFile(path, 'utf8')] as const;
  });
  return new Map(await Promise.all(read));
};

describe('the architecture', () => {
  let sources: ReadonlyMap<string, string>;
  before(async () => {
    sources = await readSources();
  });

  it('is kept by every source', () => {
    expect(violations(sources)).to.deep.equal([]);
  });

  it('is looked for in all of them', async () => {
    const others = (await readdir(root, { recursive: true })).filter((path) => /\.[cm]?[jt]sx?$/.test(path));
    expect(sources.size).to.equal(others.length);
    expect(sources.size).to.be.above(100);
    for (const layer of [
      'domain',
      'application',
      'application/ports',
      'infrastructure/postgres',
      'interfaces/http',
    ])
      expect([...sources.keys()].filter((path) => path.startsWith(`${layer}/`)).length, layer).to.be.above(2);
    const imports = [...sources].flatMap(([path, text]) => importsOf(path, text));
    expect(imports.length).to.be.above(300);
  });

  it('has files of a size that is read at a glance', () => {
    const lines = [...sources.values()]
      .map((text) => text.trimEnd().split('\n').length)
      .sort((a, b) => a - b);
    expect(lines[Math.floor(lines.length / 2)]).to.be.at.most(50);
  });

  it('has folders of at most 14 files, tests and their support included', async () => {
    const project = fileURLToPath(new URL('..', import.meta.url));
    const counts = new Map<string, number>();
    for await (const file of glob('{src,test}/**/*.{ts,sql}', { cwd: project }))
      counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    expect(counts.size).to.be.above(50);
    expect([...counts].filter(([, count]) => count > 14)).to.deep.equal([]);
  });

  it('uses the packages that have a room, and no other that is installed by chance', () => {
    const imported = [...sources]
      .flatMap(([path, text]) => importsOf(path, text).map(({ specifier }) => specifier))
      .filter((specifier) => /^[@a-z]/.test(specifier) && !specifier.startsWith('node:'))
      .map(packageOf);
    const used = [...new Set(imported)].sort();
    expect(used).to.deep.equal([...packagesWithRooms].sort());
    expect(Object.keys(packageJson.dependencies)).to.include.members(used);
  });

  const leaks: readonly (readonly [what: string, path: string, text: string])[] = [
    [
      'the domain that knows a use case',
      'domain/leak.ts',
      "import { getTask } from '../application/get-task.ts';",
    ],
    [
      'the domain that knows a type of a port',
      'domain/leak.ts',
      "import type { Health } from '../application/ports/health.ts';",
    ],
    [
      'the domain that knows an adapter',
      'domain/leak.ts',
      "import { x } from '../infrastructure/memory/task-repository.ts';",
    ],
    ['the domain that knows a package', 'domain/leak.ts', "import { z } from 'zod';"],
    ['the domain that knows Node', 'domain/leak.ts', "import { randomUUID } from 'node:crypto';"],
    ['the domain that knows Node by its short name', 'domain/leak.ts', "import { readFile } from 'fs';"],
    ['the domain that knows the process', 'domain/leak.ts', 'export const leak = () => process.env;'],
    [
      'the domain that knows the configuration',
      'domain/leak.ts',
      "import { loadConfig } from '../config/config.ts';",
    ],
    [
      'an adapter that knows the configuration',
      'infrastructure/memory/leak.ts',
      "import { loadConfig } from '../../config/config.ts';",
    ],
    [
      'HTTP that knows the configuration',
      'interfaces/http/leak.ts',
      "import { loadConfig } from '../../config/config.ts';",
    ],
    [
      'the configuration that knows what is built with it',
      'config/leak.ts',
      "import { compose } from '../bootstrap/container.ts';",
    ],
    [
      'bootstrap that knows a program',
      'bootstrap/leak.ts',
      "import { runProgram } from '../cli/run-program.ts';",
    ],
    ['a program that knows the service', 'cli/leak.ts', "import '../main.ts';"],
    ['a loose file at the top', 'leak.ts', 'export const leak = 1;'],
    ['a floor that is not known', 'helpers-of-ours/leak.ts', 'export const leak = 1;'],
    [
      'a use case that knows an adapter',
      'application/leak.ts',
      "import { x } from '../infrastructure/memory/task-repository.ts';",
    ],
    [
      'a use case that knows HTTP',
      'application/leak.ts',
      "import { HttpProblem } from '../interfaces/http/problem.ts';",
    ],
    ['a use case that knows a package', 'application/leak.ts', "import { v7 } from 'uuid';"],
    ['a use case that waits by itself', 'application/leak.ts', 'setTimeout(() => undefined, 1);'],
    ['a port that knows a package', 'application/ports/leak.ts', "import type { Pool } from 'pg';"],
    [
      'an adapter that knows HTTP',
      'infrastructure/memory/leak.ts',
      "import { HttpProblem } from '../../interfaces/http/problem.ts';",
    ],
    [
      'an adapter that knows another',
      'infrastructure/cache/leak.ts',
      "import { createDatabase } from '../postgres/database.ts';",
    ],
    [
      'an adapter that knows the container',
      'infrastructure/memory/leak.ts',
      "import { compose } from '../../bootstrap/container.ts';",
    ],
    [
      'HTTP that knows an adapter',
      'interfaces/http/leak.ts',
      "import { createDatabase } from '../../infrastructure/postgres/client/database.ts';",
    ],
    [
      'HTTP that knows a type of an adapter',
      'interfaces/http/leak.ts',
      "import type { Database } from '../../infrastructure/postgres/client/database.ts';",
    ],
    [
      'HTTP that knows an adapter at run time',
      'interfaces/http/leak.ts',
      "export const leak = () => import('../../infrastructure/postgres/client/database.ts');",
    ],
    [
      'HTTP that knows an adapter in a type',
      'interfaces/http/leak.ts',
      "export type Leak = import('../../infrastructure/postgres/client/database.ts').Database;",
    ],
    [
      'routing that knows tasks',
      'interfaces/http/routing/leak.ts',
      "import type { TaskResource } from '../tasks/task-schemas.ts';",
    ],
    ['HTTP that requires', 'interfaces/http/leak.ts', "export const leak = require('slonik');"],
    [
      'HTTP that imports what cannot be read',
      'interfaces/http/leak.ts',
      'export const leak = (name: string) => import(name);',
    ],
    ['Slonik outside its room', 'infrastructure/memory/leak.ts', "import { sql } from 'slonik';"],
    [
      'a part of Slonik outside its room',
      'interfaces/http/leak.ts',
      "import { sql } from 'slonik/dist/sql.js';",
    ],
    ['Slonik in bootstrap', 'bootstrap/leak.ts', "import { sql } from 'slonik';"],
    ['jose outside its room', 'interfaces/http/leak.ts', "import { jwtVerify } from 'jose';"],
    ['Koa outside its room', 'infrastructure/memory/leak.ts', "import Koa from 'koa';"],
    ['a type of Koa outside its room', 'infrastructure/memory/leak.ts', "import type Koa from 'koa';"],
    ['Koa in bootstrap', 'bootstrap/leak.ts', "import Koa from 'koa';"],
    ['tsyringe outside the container', 'main.ts', "import { container } from 'tsyringe';"],
    ['reflect-metadata outside the container', 'interfaces/http/leak.ts', "import 'reflect-metadata';"],
    ['pino outside its room', 'interfaces/http/leak.ts', "import { pino } from 'pino';"],
    ['redis outside its room', 'infrastructure/cache/leak.ts', "import { createClient } from 'redis';"],
    ['a package that nobody knows', 'interfaces/http/leak.ts', "import _ from 'lodash';"],
    ['a file that is not there', 'interfaces/http/leak.ts', "import { x } from './nothing.ts';"],
    ['an import without its ending', 'interfaces/http/leak.ts', "import { x } from './problem';"],
    ['a barrel', 'interfaces/http/leak.ts', "export { HttpProblem } from './problem.ts';"],
    ['a barrel of everything', 'domain/leak.ts', "export * from './task.ts';"],
    ['a barrel by its name', 'domain/index.ts', 'export const leak = 1;'],
    ['a file named after nothing', 'interfaces/http/utils.ts', 'export const leak = 1;'],
    ['a file that is too long', 'domain/leak.ts', 'export const leak = 1;\n'.repeat(201)],
    ['a circle of one', 'domain/leak.ts', "import { leak } from './leak.ts';"],
  ];
  for (const [what, path, text] of leaks) {
    it(`would catch ${what}`, () => {
      const planted = violations(new Map([...sources, [path, text]]));
      expect(planted.filter((problem) => problem.includes(path))).to.have.length.above(0);
    });
  }

  it('would catch a circle of two, and of types alone', () => {
    const planted = new Map([
      ...sources,
      ['domain/a.ts', "import type { B } from './b.ts';"],
      ['domain/b.ts', "import { a } from './a.ts';"],
    ]);
    expect(violations(planted).join()).to.include('is a circle');
  });
});
