import { cp, glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import manifest from '../../client/package.json' with { type: 'json' };
import { ownService } from '../support/http/suites.ts';
import { startProgram } from '../support/processes/program.ts';
import { scratchFolder } from '../support/processes/scratch-folder.ts';

const client = fileURLToPath(new URL('../../client/', import.meta.url));
const bin = fileURLToPath(new URL('../../node_modules/.bin/', import.meta.url));

/** The most bytes of all modules of the package as one stream, as a bundler sends them; not minified. */
const maxGzippedBytes = 8_000;

/** The names that an entry exports. */
const exportsOf = async (path: string): Promise<readonly string[]> =>
  [...(await readFile(path, 'utf8')).matchAll(/export (?:type )?\{(.*?)\}/gs)].flatMap(([, names = '']) =>
    names
      .split(',')
      .map((name) => name.replace(/\btype\b/, '').trim())
      .filter((name) => name !== ''),
  );

describe('the package @taskhold/client', function () {
  this.timeout(120_000);
  const service = ownService();
  const opened = new AsyncDisposableStack();
  let folder: string;

  const run = async (...command: [string, ...string[]]): Promise<string> => {
    await using program = await startProgram(command, {
      cwd: folder,
      environment: { PATH: process.env['PATH'] },
    });
    const code = await program.ended;
    expect(code, program.output()).to.equal(0);
    return program.output();
  };

  const compile = (...parameters: readonly string[]): Promise<string> => {
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom,dom.asynciterable'];
    const modules = ['--module', 'esnext', '--moduleResolution', 'bundler'];
    return run(join(bin, 'tsc'), ...options, ...modules, ...parameters);
  };

  /** An app that has installed what the script `build` makes. */
  before(async () => {
    folder = opened.use(await scratchFolder()).folder;
    const installed = join(folder, 'node_modules/@taskhold/client');
    await mkdir(installed, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await cp(join(client, 'package.json'), join(installed, 'package.json'));
    const builds = manifest.scripts.build.split(' && ').filter((command) => command.startsWith('tsc '));
    expect(builds).to.have.length(2);
    await Promise.all(
      builds.map((build) =>
        run(
          join(bin, 'tsc'),
          ...build
            .split(' ')
            .slice(1)
            .map((word) => word.replace('tsconfig.build.json', join(client, 'tsconfig.build.json'))),
          '--outDir',
          join(installed, 'dist'),
        ),
      ),
    );
  });
  after(() => opened.disposeAsync());

  it('given an app in Node: the built package reaches the service', async () => {
    const user = await service().user();
    await writeFile(
      join(folder, 'app.js'),
      `import { createClient } from '@taskhold/client';
       const [, , url, token] = process.argv;
       const client = createClient({ url, token: () => token });
       console.log((await client.tasks.create({ title: 'Buy milk' })).title);`,
    );
    const output = await run(process.execPath, 'app.js', service().url, user.token);
    expect(output.trim()).to.equal('Buy milk');
  });

  it('given an app in TypeScript: the types of the built package are found, and are right', async () => {
    await writeFile(
      join(folder, 'app.ts'),
      `import { createClient, type Task } from '@taskhold/client';
       const client = createClient({ url: '/', token: () => '' });
       export const task: Task = await client.tasks.create({ title: 'Buy milk' });
       // @ts-expect-error: a title is a string
       export const title: number = task.title;
       // @ts-expect-error: there is no such priority
       await client.tasks.update(task, { priority: 'highest' });`,
    );
    await compile('app.ts');
  });

  it('given the code of README.md as TypeScript: it compiles with all strict checks', async () => {
    const readme = await readFile(join(client, 'README.md'), 'utf8');
    const code = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, block = '']) => block);
    expect(code.length).to.be.above(4);
    await writeFile(
      join(folder, 'readme.ts'),
      `${code.join('')}
       declare const session: { userId: string; token(options: { isNew: boolean }): string };
       declare const show: (...values: readonly unknown[]) => void;
       declare const showStatus: (status: string) => void;
       declare const signal: AbortSignal | undefined;`,
    );
    await compile('readme.ts', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess');
  });

  it('given all modules: under 8 kB gzipped, no dependency, and nothing but the modules of the package', async () => {
    const dist = join(folder, 'node_modules/@taskhold/client/dist');
    const modules: string[] = [];
    for await (const path of glob('**/*.js', { cwd: dist }))
      modules.push(await readFile(join(dist, path), 'utf8'));
    expect(modules.length).to.be.above(10);
    expect(gzipSync(modules.join('\n'), { level: 9 }).length).to.be.below(maxGzippedBytes);
    const imported = modules.flatMap((text) =>
      [...text.matchAll(/from ["']([^"']+)["']/g)].map(([, name]) => name),
    );
    expect(imported.length).to.be.above(20);
    for (const specifier of imported) expect(specifier).to.match(/^\.{1,2}\/[\w/-]+\.js$/);
    expect(manifest).not.to.have.any.keys('dependencies', 'peerDependencies', 'optionalDependencies');
  });

  it('given the declarations: each export is documented', async () => {
    const dist = join(folder, 'node_modules/@taskhold/client/dist');
    const exported = await exportsOf(join(dist, 'taskhold.d.ts'));
    const documented = new Set<string>();
    for await (const path of glob('**/*.d.ts', { cwd: dist }))
      for (const [, name = ''] of (await readFile(join(dist, path), 'utf8')).matchAll(
        /\*\/\nexport (?:declare )?(?:const|class|interface|type) (\w+)/g,
      ))
        documented.add(name);
    expect(exported.length).to.be.above(20);
    expect([...documented]).to.include.members(exported);
  });
});
