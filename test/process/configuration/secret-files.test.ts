import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { startProgram } from '../../support/processes/program.ts';
import { scratchFolder, type ScratchFolder } from '../../support/processes/scratch-folder.ts';
import { freshDatabase } from '../../support/postgres/postgres.ts';

describe('files of secrets, given to programs', () => {
  let scratch: ScratchFolder;
  beforeEach(async () => {
    scratch = await scratchFolder();
  });
  afterEach(() => scratch[Symbol.asyncDispose]());

  const run = async (name: string, environment: Readonly<Record<string, string>>) => {
    const script = fileURLToPath(new URL(`../../../src/${name}.ts`, import.meta.url));
    const kept = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };
    const options = { cwd: scratch.folder, environment: { ...kept, ...environment } };
    await using program = await startProgram([process.execPath, script], options);
    return { code: await program.ended, output: program.output() };
  };

  it('given files that .env names: migrate uses their database, check-config finds no problem', async () => {
    const { url, drop } = await freshDatabase();
    await using undo = new AsyncDisposableStack();
    undo.defer(drop);
    await writeFile(join(scratch.folder, 'url'), `${url}\n`);
    await writeFile(join(scratch.folder, 'secret'), 'correct horse battery staple, 32 bytes\n');
    await writeFile(
      join(scratch.folder, '.env'),
      'DATABASE_URL_FILE=url\nBETTER_AUTH_SECRET_FILE=secret\nNODE_ENV=test\n',
    );
    expect(await run('cli/migrate', {})).to.deep.include({
      code: 0,
      output: 'No migration is pending, and no index is missing.\n',
    });
    expect((await run('cli/check-config', {})).output)
      .to.include('The configuration is complete.')
      .and.not.match(/cannot|warning/i);
  });

  it('given a file that does not exist: every program ends with 78 and names the variable', async () => {
    for (const name of ['main', 'cli/migrate', 'cli/check-config']) {
      const { code, output } = await run(name, { DATABASE_URL_FILE: '/nowhere/hunter2' });
      expect(code, name).to.equal(78);
      expect(output).to.include('  - DATABASE_URL_FILE: the file does not exist').and.not.include('hunter2');
    }
  });
});
