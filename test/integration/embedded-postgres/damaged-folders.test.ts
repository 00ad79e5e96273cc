import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../../../src/config/config-error.ts';
import { provideDatabase } from '../../../src/bootstrap/development/provide-defaults.ts';
import { loadSettings } from '../../../src/config/load-settings.ts';
import { embeddedFolder, type EmbeddedFolder } from '../../support/embedded-postgres/embedded-folder.ts';
import { isAlive, postmasterOf, until } from '../../support/postgres/postmaster.ts';
import { query } from '../../support/postgres/sql.ts';
import { rejection } from '../../support/rejection.ts';

describe('embedded PostgreSQL with a damaged folder', function () {
  this.timeout(60_000);
  /** The data of a server that was started and stopped. */
  let pristine: EmbeddedFolder;

  before(async function () {
    if (process.platform === 'win32') this.skip();
    pristine = await embeddedFolder(null);
    await (await pristine.start())[Symbol.asyncDispose]();
  });
  after(() => pristine[Symbol.asyncDispose]());

  const damage = (folder: string, script: string): void => {
    const { status } = spawnSync('sh', ['-c', script], { cwd: folder });
    expect(status).to.equal(0);
  };

  const problemOf = async ({ path }: EmbeddedFolder): Promise<string> => {
    await using opened = new AsyncDisposableStack();
    const settings = loadSettings({ DATA_DIR: path });
    const { signal } = new AbortController();
    const error = await rejection(provideDatabase(settings, { opened, end: { signal } }));
    if (!(error instanceof ConfigError)) throw error;
    const [problem = ''] = error.problems;
    return problem;
  };

  /** So that the end of the test does not look for a server. */
  const forget = ({ path }: EmbeddedFolder) => rm(join(path, 'postgres', 'postmaster.pid'), { force: true });

  const restore = 'Restore CLUSTER from a backup, or move it elsewhere: ';
  const keep = 'CLUSTER has the tasks: ';
  const damages: readonly (readonly [script: string, named: string, remedy: string])[] = [
    ['rm PG_VERSION', 'PG_VERSION is missing', restore],
    [': > PG_VERSION', 'PG_VERSION is missing', restore],
    [
      'yes | tr -d "\\n" | head -c 32 > taskhold.password',
      'taskhold.password is missing, empty or damaged, or has another password',
      'The tasks in CLUSTER are not damaged: ',
    ],
    ['rm taskhold.password global/pg_control', 'global/pg_control', restore],
    ['echo 17 > PG_VERSION', 'by PostgreSQL version 17', `${keep}start it with the release`],
    ['dd if=/dev/null of=global/pg_control bs=1 seek=100', '"global/pg_control"', restore],
    ['rm global/pg_control', 'global/pg_control', restore],
    ['rm -r pg_wal', 'required WAL directory "pg_wal"', restore],
    ['rm global/1262', '"global/1262"', restore],
    ['rm -r base', 'database "postgres" does not exist', restore],
    ['echo garbage >> postgresql.conf', 'postgresql.conf', `${keep}keep it, and correct`],
    [': > pg_hba.conf', 'pg_hba.conf', `${keep}keep it, and correct`],
    [
      'rm -r ./* && echo mine > file',
      'is not a PostgreSQL cluster',
      'Move it elsewhere, or set another DATA_DIR.',
    ],
  ];
  for (const [script, named, remedy] of damages)
    it(`given ${script}: one line that names it and what to do, as a problem of the configuration`, async () => {
      await using data = await embeddedFolder(pristine.path);
      const cluster = join(data.path, 'postgres');
      damage(cluster, script);
      const problem = await problemOf(data);
      expect(problem)
        .to.include(named)
        .and.include(remedy.replace('CLUSTER', cluster))
        .and.not.match(/\n|\bremove\b/);
      const pid = await postmasterOf(data.path);
      expect(pid === null || !(await isAlive(pid))).to.equal(true);
      await forget(data);
    });

  for (const script of [
    'rm taskhold.password',
    ': > taskhold.password',
    'head -c 33 /dev/zero > taskhold.password',
    'echo short > taskhold.password',
    // A pid that another process has.
    'rm taskhold.password; echo $PPID > postmaster.pid',
  ])
    it(`given ${script}: the start sets a new password, and the data is there`, async () => {
      await using data = await embeddedFolder(pristine.path);
      await using first = await data.start();
      const { password } = new URL(first.url);
      await query(first.url, 'create table notes as select 1 as note');
      await first[Symbol.asyncDispose]();
      damage(join(data.path, 'postgres'), script);
      await using second = await data.start();
      expect(await query(second.url, 'select note from notes')).to.deep.equal([{ note: 1 }]);
      expect(new URL(second.url).password).to.have.length(32).and.not.equal(password);
      const file = await stat(join(data.path, 'postgres', 'taskhold.password'));
      expect(file.mode & 0o777).to.equal(0o600);
      await second[Symbol.asyncDispose]();
      await using third = await data.start();
      expect(third.url.split('@')[0]).to.equal(second.url.split('@')[0]);
    });

  it('given no taskhold.password, and a server that runs: what to do, and the server is left alone', async () => {
    await using data = await embeddedFolder(pristine.path);
    const server = await data.start();
    damage(join(data.path, 'postgres'), 'rm taskhold.password');
    expect(await problemOf(data)).to.include('are not damaged: stop every service and the PostgreSQL');
    expect(await query(server.url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
  });

  for (const mode of ['755', '770', '777'])
    it(`given a folder with mode ${mode}, as a copy can have: the start makes it 700 and succeeds`, async () => {
      await using data = await embeddedFolder(pristine.path);
      const cluster = join(data.path, 'postgres');
      damage(cluster, `chmod ${mode} .`);
      await query((await data.start()).url, 'select 1');
      expect((await stat(cluster)).mode & 0o777).to.equal(0o700);
    });

  for (const [name, script] of [
    ['postmaster.pid', 'rm postgres/postmaster.pid'],
    ['the folder of the data', 'rm -r ../data'],
    [
      'the folder of the data, with another in its place,',
      'rm -r postgres && mkdir postgres && echo 1 > postgres/postmaster.pid',
    ],
  ] as const)
    it(`given ${name} removed while the server runs: disposing stops the server`, async () => {
      await using data = await embeddedFolder(pristine.path);
      const server = await data.start();
      const pid = await postmasterOf(data.path);
      if (pid === null) throw new Error('PostgreSQL is not running');
      damage(data.path, script);
      await server[Symbol.asyncDispose]();
      await until('the server has ended', async () => !(await isAlive(pid)));
      await forget(data);
    });
});
