import { glob, readdir, readFile } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import packageJson from '../package.json' with { type: 'json' };
import { allowedPackages, violations } from './support/architecture/architecture.ts';
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

describe('architecture', () => {
  let sources: ReadonlyMap<string, string>;
  before(async () => {
    sources = await readSources();
  });

  it('given all sources: no violation', () => {
    expect(violations(sources)).to.deep.equal([]);
  });

  it('given the sources that this test reads: all files below src', async () => {
    const others = (await readdir(root, { recursive: true })).filter((path) => /\.[cm]?[jt]sx?$/.test(path));
    // launch.js checks the installation before any TypeScript is read, and so imports none of it.
    expect(others.filter((path) => !path.endsWith('.ts'))).to.deep.equal(['cli/launch.js']);
    expect(sources.size).to.equal(others.length - 1);
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

  it('given all sources: a median of at most 50 lines', () => {
    const lines = [...sources.values()]
      .map((text) => text.trimEnd().split('\n').length)
      .sort((a, b) => a - b);
    expect(lines[Math.floor(lines.length / 2)]).to.be.at.most(50);
  });

  it('given all folders of src, client, test, bench and scripts: at most 14 files', async () => {
    const project = fileURLToPath(new URL('..', import.meta.url));
    const counts = new Map<string, number>();
    for await (const file of glob('{src,client/src,test,bench,scripts}/**/*.{ts,sql}', { cwd: project }))
      counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    expect(counts.size).to.be.above(50);
    expect([...counts].filter(([, count]) => count > 14)).to.deep.equal([]);
  });

  it('given all imports: exactly the allowed packages, all of them direct dependencies', () => {
    const imported = [...sources]
      .flatMap(([path, text]) => importsOf(path, text).map(({ specifier }) => specifier))
      .filter((specifier) => /^[@a-z]/.test(specifier) && !specifier.startsWith('node:'))
      .map(packageOf);
    const used = [...new Set(imported)].sort();
    expect(used).to.deep.equal([...allowedPackages].sort());
    expect(Object.keys(packageJson.dependencies)).to.include.members(used);
  });

  const violatingSources: readonly (readonly [what: string, path: string, text: string])[] = [
    [
      'the domain importing a use case',
      'domain/leak.ts',
      "import { getTask } from '../application/get-task.ts';",
    ],
    [
      'the domain importing a type of a port',
      'domain/leak.ts',
      "import type { Health } from '../application/ports/health.ts';",
    ],
    [
      'the domain importing an adapter',
      'domain/leak.ts',
      "import { x } from '../infrastructure/memory/task-repository.ts';",
    ],
    ['the domain importing a package', 'domain/leak.ts', "import { z } from 'zod';"],
    ['the domain importing a Node module', 'domain/leak.ts', "import { randomUUID } from 'node:crypto';"],
    ['the domain importing a Node module without node:', 'domain/leak.ts', "import { readFile } from 'fs';"],
    ['the domain using process', 'domain/leak.ts', 'export const leak = () => process.env;'],
    [
      'the domain importing the configuration',
      'domain/leak.ts',
      "import { loadSettings } from '../config/load-settings.ts';",
    ],
    [
      'an adapter importing the configuration',
      'infrastructure/memory/leak.ts',
      "import { loadSettings } from '../../config/load-settings.ts';",
    ],
    [
      'HTTP importing the configuration',
      'interfaces/http/leak.ts',
      "import { loadSettings } from '../../config/load-settings.ts';",
    ],
    [
      'the configuration importing bootstrap',
      'config/leak.ts',
      "import { compose } from '../bootstrap/container.ts';",
    ],
    ['bootstrap reading NODE_ENV', 'bootstrap/leak.ts', 'export const leak = process.env.NODE_ENV;'],
    [
      'a program reading NODE_ENV',
      'cli/leak.ts',
      'export const leak = ({ NODE_ENV }: Settings) => NODE_ENV;',
    ],
    [
      'bootstrap reading a variable of OpenTelemetry',
      'bootstrap/leak.ts',
      'export const leak = ({ OTEL_SDK_DISABLED: disabled }: NodeJS.ProcessEnv) => disabled;',
    ],
    ['an adapter reading NODE_ENV', 'infrastructure/redis/leak.ts', "const leak = process.env['NODE_ENV'];"],
    [
      'bootstrap importing a program of cli',
      'bootstrap/leak.ts',
      "import { runProgram } from '../cli/run-program.ts';",
    ],
    ['a program of cli importing main.ts', 'cli/leak.ts', "import '../main.ts';"],
    ['a new file directly in src', 'leak.ts', 'export const leak = 1;'],
    ['an unknown top folder', 'helpers-of-ours/leak.ts', 'export const leak = 1;'],
    [
      'a use case importing an adapter',
      'application/leak.ts',
      "import { x } from '../infrastructure/memory/task-repository.ts';",
    ],
    [
      'a use case importing HTTP',
      'application/leak.ts',
      "import { HttpProblem } from '../interfaces/http/problem.ts';",
    ],
    ['a use case importing a package', 'application/leak.ts', "import { v7 } from 'uuid';"],
    ['a use case using setTimeout', 'application/leak.ts', 'setTimeout(() => undefined, 1);'],
    ['a port importing a package', 'application/ports/leak.ts', "import type { Pool } from 'pg';"],
    [
      'an adapter importing HTTP',
      'infrastructure/memory/leak.ts',
      "import { HttpProblem } from '../../interfaces/http/problem.ts';",
    ],
    [
      'an adapter importing another adapter',
      'infrastructure/cache/leak.ts',
      "import { createDatabase } from '../postgres/database.ts';",
    ],
    [
      'an adapter importing the container',
      'infrastructure/memory/leak.ts',
      "import { compose } from '../../bootstrap/container.ts';",
    ],
    [
      'HTTP importing an adapter',
      'interfaces/http/leak.ts',
      "import { createDatabase } from '../../infrastructure/postgres/client/database.ts';",
    ],
    [
      'HTTP importing a type of an adapter',
      'interfaces/http/leak.ts',
      "import type { Database } from '../../infrastructure/postgres/client/database.ts';",
    ],
    [
      'HTTP importing an adapter with import()',
      'interfaces/http/leak.ts',
      "export const leak = () => import('../../infrastructure/postgres/client/database.ts');",
    ],
    [
      'HTTP importing an adapter in an import type',
      'interfaces/http/leak.ts',
      "export type Leak = import('../../infrastructure/postgres/client/database.ts').Database;",
    ],
    [
      'routing importing tasks',
      'interfaces/http/routing/leak.ts',
      "import type { TaskResource } from '../tasks/task-schemas.ts';",
    ],
    [
      'MCP importing HTTP',
      'interfaces/mcp/leak.ts',
      "import { HttpProblem } from '../http/problems/problem.ts';",
    ],
    [
      'HTTP importing a type of MCP',
      'interfaces/http/leak.ts',
      "import type { Caller } from '../mcp/caller.ts';",
    ],
    [
      'what adapters share importing HTTP',
      'interfaces/task-representation/leak.ts',
      "import { HttpProblem } from '../http/problems/problem.ts';",
    ],
    ['HTTP using require', 'interfaces/http/leak.ts', "export const leak = require('slonik');"],
    [
      'HTTP importing a computed specifier',
      'interfaces/http/leak.ts',
      'export const leak = (name: string) => import(name);',
    ],
    ['Slonik outside its folder', 'infrastructure/memory/leak.ts', "import { sql } from 'slonik';"],
    [
      'a file of Slonik outside its folder',
      'interfaces/http/leak.ts',
      "import { sql } from 'slonik/dist/sql.js';",
    ],
    ['Slonik in bootstrap', 'bootstrap/leak.ts', "import { sql } from 'slonik';"],
    ['jose outside its folder', 'interfaces/http/leak.ts', "import { jwtVerify } from 'jose';"],
    ['Koa outside its folder', 'infrastructure/memory/leak.ts', "import Koa from 'koa';"],
    ['a type of Koa outside its folder', 'infrastructure/memory/leak.ts', "import type Koa from 'koa';"],
    ['Koa in bootstrap', 'bootstrap/leak.ts', "import Koa from 'koa';"],
    ['tsyringe outside the container', 'main.ts', "import { container } from 'tsyringe';"],
    ['reflect-metadata outside the container', 'interfaces/http/leak.ts', "import 'reflect-metadata';"],
    ['pino outside its folder', 'interfaces/http/leak.ts', "import { pino } from 'pino';"],
    ['redis outside its folder', 'infrastructure/cache/leak.ts', "import { createClient } from 'redis';"],
    ['a package that is not listed', 'interfaces/http/leak.ts', "import _ from 'lodash';"],
    ['the service importing the client', 'cli/leak.ts', "import { createClient } from '@taskhold/client';"],
    [
      'the service importing a file of the client',
      'interfaces/http/leak.ts',
      "import type { Task } from '../../../client/src/api-types.ts';",
    ],
    ['an import of a missing file', 'interfaces/http/leak.ts', "import { x } from './nothing.ts';"],
    ['an import without the file extension', 'interfaces/http/leak.ts', "import { x } from './problem';"],
    ['a re-export of one name', 'interfaces/http/leak.ts', "export { HttpProblem } from './problem.ts';"],
    ['a re-export of all names', 'domain/leak.ts', "export * from './task.ts';"],
    ['a file named index.ts', 'domain/index.ts', 'export const leak = 1;'],
    ['a file named utils.ts', 'interfaces/http/utils.ts', 'export const leak = 1;'],
    ['a file of more than 200 lines', 'domain/leak.ts', 'export const leak = 1;\n'.repeat(201)],
    ['a file importing itself', 'domain/leak.ts', "import { leak } from './leak.ts';"],
  ];
  for (const [what, path, text] of violatingSources) {
    it(`given ${what}: a violation`, () => {
      const planted = violations(new Map([...sources, [path, text]]));
      expect(planted.filter((problem) => problem.includes(path))).to.have.length.above(0);
    });
  }

  it('given a cycle of two files, one import of a type: a violation', () => {
    const planted = new Map([
      ...sources,
      ['domain/a.ts', "import type { B } from './b.ts';"],
      ['domain/b.ts', "import { a } from './a.ts';"],
    ]);
    expect(violations(planted).join()).to.include('is an import cycle');
  });
});
