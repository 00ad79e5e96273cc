import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { startProgram } from '../support/processes/program.ts';
import { scratchFolder, type ScratchFolder } from '../support/processes/scratch-folder.ts';

const launcher = fileURLToPath(new URL('../../src/cli/launch.js', import.meta.url));

describe('arguments of the programs', () => {
  let scratch: ScratchFolder;
  beforeEach(async () => {
    scratch = await scratchFolder();
  });
  afterEach(() => scratch[Symbol.asyncDispose]());

  const run = async (name: string, args: readonly string[]) => {
    const script = fileURLToPath(new URL(`../../src/${name}.ts`, import.meta.url));
    const kept = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };
    const options = { cwd: scratch.folder, environment: { ...kept, PORT: '0', OPS_PORT: '0' } };
    await using program = await startProgram([process.execPath, launcher, script, ...args], options);
    const kill = setTimeout(() => program.signal('SIGTERM'), 10_000); // it has started a service
    const code = await program.ended;
    clearTimeout(kill);
    return { code, output: program.output() };
  };

  for (const [name, usage, ...refused] of [
    ['main', 'usage: npm start', ['--port', '1'], ['postgres://u:hunter2@h/db']],
    ['cli/migrate', 'usage: npm run migrate', ['--dry-run'], ['down'], ['--', 'x'], ['']],
    ['cli/check-config', 'usage: npm run check-config', ['--foo'], ['offline'], ['--offline=hunter2']],
    ['cli/create-token', 'usage: npm run token', ['ada', '--foo'], ['ada', '--expires']],
  ] as const) {
    for (const args of refused)
      it(`given ${name} with ${JSON.stringify(args)}: a line and the usage, exit code 64, nothing is done`, async () => {
        const { code, output } = await run(name, args);
        expect(code, output).to.equal(64);
        expect(output).to.match(new RegExp(`^[^\\n]+\\n\\n${usage}`));
        expect(output).not.to.match(/^ +at |hunter2/m);
        expect(await readdir(scratch.folder)).to.deep.equal([]);
      });

    for (const option of ['--help', '-h'])
      it(`given ${name} with ${option}: the usage alone, exit code 0, nothing is done`, async () => {
        const { code, output } = await run(name, [option]);
        expect(code, output).to.equal(0);
        expect(output.startsWith(usage), output).to.equal(true);
        expect(await readdir(scratch.folder)).to.deep.equal([]);
      });
  }

  it('given a result that cannot be printed: names what the program does, exit code 1', async () => {
    const script = fileURLToPath(new URL('../../src/cli/check-config.ts', import.meta.url));
    const command = `exec '${process.execPath}' '${script}' --offline > /dev/full`;
    const options = { cwd: scratch.folder, environment: { PATH: process.env['PATH'] } };
    await using program = await startProgram(['/bin/sh', '-c', command], options);
    expect(await program.ended).to.equal(1);
    expect(program.output()).to.equal(
      'Taskhold cannot check the configuration: its output cannot be written\n',
    );
  });
});
