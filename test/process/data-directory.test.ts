import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { startProgram } from '../support/processes/program.ts';
import { scratchFolder, type ScratchFolder } from '../support/processes/scratch-folder.ts';
import { testSecret } from '../support/tokens/tokens.ts';

describe('DATA_DIR', function () {
  this.timeout(60_000);
  let scratch: ScratchFolder;
  beforeEach(async () => {
    scratch = await scratchFolder();
    await writeFile(join(scratch.folder, 'file'), '');
    await symlink('nowhere', join(scratch.folder, 'link'));
  });
  afterEach(() => scratch[Symbol.asyncDispose]());

  const run = async (name: string, environment: Readonly<Record<string, string>>) => {
    const script = fileURLToPath(new URL(`../../src/${name}.ts`, import.meta.url));
    const kept = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };
    const options = { cwd: scratch.folder, environment: { ...kept, ...environment } };
    const args = name === 'cli/create-token' ? ['ada'] : [];
    await using program = await startProgram([process.execPath, script, ...args], options);
    const kill = setTimeout(() => program.signal('SIGTERM'), 15_000);
    const code = await program.ended;
    clearTimeout(kill);
    return { code, output: program.output() };
  };

  for (const [dataDir, reason] of [
    ['file', 'is not a folder'],
    ['file/data', 'cannot be created: '],
    ['link', 'is a link to a folder that does not exist'],
    ['/proc/x/y', 'cannot be created'],
  ] as const)
    for (const [name, environment] of [
      ['cli/create-token', {}],
      ['cli/migrate', { BETTER_AUTH_SECRET: testSecret }],
      ['cli/check-config', {}],
    ] as const)
      it(`given ${dataDir} and ${name}: one line that names it, exit code 78`, async () => {
        const { code, output } = await run(name, { ...environment, DATA_DIR: dataDir });
        expect(code, output).to.equal(78);
        expect(output).to.include(`  - DATA_DIR ${dataDir} ${reason}`);
        expect(output).not.to.match(/^ +at /m);
      });

  it('given a directory that does not exist and check-config: nothing is left behind, exit code 0', async () => {
    await mkdir(join(scratch.folder, 'a'));
    const { code, output } = await run('cli/check-config', { DATA_DIR: 'a/b/c' });
    expect(code, output).to.equal(0);
    expect(await readdir(join(scratch.folder, 'a'))).to.deep.equal([]);
  });
});
