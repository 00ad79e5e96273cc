import { expect } from 'chai';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '../../../src/infrastructure/embedded-postgres/embedded-postgres.ts';
import { startEmbeddedChild } from '../../support/embedded-postgres/embedded-child.ts';
import { isAlive, postmasterOf } from '../../support/postgres/postmaster.ts';
import { query } from '../../support/postgres/sql.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('embedded PostgreSQL, started as root', () => {
  before(async function () {
    if (process.getuid?.() === 0 && (await hasReadSearchCapability())) return;
    console.log(
      'Skipped: embedded PostgreSQL as root in a folder of mode 700 (needs root and CAP_DAC_READ_SEARCH).',
    );
    this.skip();
  });

  it('given a project folder of mode 700: PostgreSQL runs as another user', async () => {
    const home = await mkdtemp(join(tmpdir(), 'taskhold-test-'));
    try {
      const project = join(home, 'project');
      await copyProject(project);
      const data = join(project, '.data');
      await using service = startEmbeddedChild(
        data,
        'acknowledged',
        join(project, 'test', 'support', 'embedded-postgres'),
      );
      await service.stored;
      const pid = (await postmasterOf(data)) ?? 0;
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      await service.kill('SIGKILL');

      const { uid } = await stat(join(data, 'postgres'));
      expect(uid).to.be.greaterThan(0);
      expect(status).to.match(new RegExp(`^Uid:\\t${uid}\\t${uid}\\t${uid}\\t${uid}$`, 'm'));
      // The only capability is CAP_DAC_READ_SEARCH, bit 2.
      expect(status)
        .to.match(/^CapEff:\t0000000000000004$/m)
        .and.match(/^NoNewPrivs:\t1$/m);
      expect((await stat(home)).mode & 0o777).to.equal(0o700);

      const next = await startEmbeddedPostgres(data);
      expect(await query(next.url, 'select note from notes')).to.deep.equal([{ note: 'acknowledged' }]);
      await next[Symbol.asyncDispose]();
      expect(await isAlive(pid)).to.equal(false);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });
});

/** Whether this process has CAP_DAC_READ_SEARCH, as root has outside of containers. */
const hasReadSearchCapability = async (): Promise<boolean> => {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const [, bounding = '0'] = /^CapBnd:\t(\w+)$/m.exec(status) ?? [];
  return (BigInt(`0x${bounding}`) & 4n) !== 0n;
};

/** Copies the sources and PostgreSQL's binaries; links the other packages of node_modules. */
const copyProject = async (project: string): Promise<void> => {
  const installed = join(root, 'node_modules');
  const modules = join(project, 'node_modules');
  await mkdir(modules, { recursive: true });
  await cp(join(root, 'package.json'), join(project, 'package.json'));
  for (const part of ['src', 'test/support'])
    await cp(join(root, part), join(project, part), { recursive: true });
  for (const name of await readdir(installed)) {
    const from = await realpath(join(installed, name));
    if (name === '@embedded-postgres')
      await cp(from, join(modules, name), { recursive: true, verbatimSymlinks: true });
    else await symlink(from, join(modules, name));
  }
};
