import { expect } from 'chai';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectDatabase } from '../../../../src/infrastructure/postgres/inspect-database.ts';
import { runMigrations } from '../../../../src/infrastructure/postgres/run-migrations.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { embeddedFolder, type EmbeddedFolder } from '../../../support/embedded-postgres/embedded-folder.ts';
import { startPgBouncer } from '../../../support/postgres/pgbouncer.ts';
import { openDatabase } from '../../../support/postgres/postgres-repository.ts';
import { query } from '../../../support/postgres/sql.ts';
import { rejection } from '../../../support/rejection.ts';
import { anOwner, aQuery } from '../../../support/tasks/tasks.ts';
import { until } from '../../../support/until.ts';

describe('logins that PostgreSQL or a pooler refuses', function () {
  this.timeout(60_000);
  const opened = new AsyncDisposableStack();
  let folder: EmbeddedFolder;
  let url: string;
  const passFile = process.env['PGPASSFILE'];

  before(async () => {
    folder = opened.use(await embeddedFolder(null));
    ({ url } = await folder.start());
    await runMigrations(url);
    // Each kind of login that has a password.
    for (const method of ['password', 'md5'])
      await query(
        url,
        `set password_encryption = '${method === 'md5' ? 'md5' : 'scram-sha-256'}'; create role with_${method} login password 'secret'`,
      );
    await query(
      url,
      `copy (select 'host all with_password all password' union all select 'host all with_md5 all md5'
         union all select 'host all all all scram-sha-256')
       to '${join(folder.path, 'postgres', 'pg_hba.conf')}'`,
    );
    await query(url, 'select pg_reload_conf()');
  });
  beforeEach(() => {
    process.env['PGPASSFILE'] = '/dev/null/none';
  });
  afterEach(() => {
    if (passFile === undefined) delete process.env['PGPASSFILE'];
    else process.env['PGPASSFILE'] = passFile;
  });
  after(() => opened.disposeAsync());

  const altered = (change: (altered: URL) => void): string => {
    const one = new URL(url);
    change(one);
    return one.href;
  };

  for (const user of [null, 'with_password', 'with_md5'])
    it(`given no password for ${user ?? 'a role with SCRAM'}: the error says so, and the reason is login_refused`, async () => {
      const without = altered((one) => {
        one.password = '';
        one.username = user ?? one.username;
      });
      for (const connect of [inspectDatabase, runMigrations])
        expect(await rejection(connect(without)))
          .to.have.property('message')
          .that.matches(/^the server requires a password, and there is none in DATABASE_URL or PGPASSWORD/);
      await using database = openDatabase(without);
      expect([await database.isReady(), database.problem()]).to.deep.equal([false, 'login_refused']);
    });

  it('given a wrong password: the words of PostgreSQL', async () => {
    const wrong = altered((one) => (one.password = 'wrong'));
    expect(await rejection(inspectDatabase(wrong)))
      .to.have.property('message')
      .that.includes('password authentication failed');
  });

  for (const options of ['role=nosuch', 'default_transaction_isolation=bogus', 'nosuch=1', 'port=1'])
    it(`given options -c ${options}: the error points to them, and the reason is login_refused`, async () => {
      const withOptions = `${url}&options=-c%20${encodeURIComponent(options)}`;
      expect(await rejection(inspectDatabase(withOptions)))
        .to.have.property('message')
        .that.matches(/^the server refuses the session: .+\. Check options in DATABASE_URL and PGOPTIONS/);
      await using database = openDatabase(withOptions);
      expect([await database.isReady(), database.problem()]).to.deep.equal([false, 'login_refused']);
      expect(await rejection(postgresTaskRepository(database).list(anOwner().id, aQuery())))
        .to.have.property('message')
        .that.matches(/^The database cannot be reached/);
    });

  it('given hostaddr and PGPASSFILE: the password of the line with the name of the host is used', async () => {
    const { password, username, port, pathname } = new URL(url);
    const file = join(folder.path, 'passwords');
    await writeFile(file, `db.example:${port}:${pathname.slice(1)}:${username}:${password}\n`);
    await chmod(file, 0o600);
    process.env['PGPASSFILE'] = file;
    const named = altered((one) => {
      one.password = '';
      one.hostname = 'db.example';
      one.searchParams.set('hostaddr', '127.0.0.1');
    });
    expect((await inspectDatabase(named)).pending).to.deep.equal([]);
    await using database = openDatabase(named);
    expect(await database.isReady()).to.be.true;
  });

  it('given a password file that others may read, and an empty PGPASSWORD: the file is named, until its mode is 600', async () => {
    const file = join(folder.path, 'readable');
    const environment = { PGPASSFILE: file, PGPASSWORD: '' };
    await writeFile(file, `*:*:*:*:${new URL(url).password}\n*:*:*:*:other\n`, { mode: 0o644 });
    const without = altered((one) => (one.password = ''));
    expect(await rejection(inspectDatabase(without, { environment })))
      .to.have.property('message')
      .that.includes(`the password file ${file} (PGPASSFILE) is ignored`)
      .and.includes('set its mode to 600');
    await using database = openDatabase(without, { environment });
    expect([await database.isReady(), database.problem()]).to.deep.equal([false, 'login_refused']);
    await chmod(file, 0o600);
    await until('ready', () => database.isReady());
    await runMigrations(without, environment);
  });

  it('given a PgBouncer that refuses startup parameters: the error names the remedy', async function () {
    const started = await startPgBouncer(url);
    if (started === null) return this.skip();
    await using pooler = started;
    expect(await rejection(inspectDatabase(pooler.url)))
      .to.have.property('message')
      .that.matches(/^a pooler refuses the startup parameter \w+: set DATABASE_PREPARED_STATEMENTS=false$/);
    const withOptions = new URL(pooler.url);
    withOptions.searchParams.set('options', '-c search_path=public');
    expect(await rejection(inspectDatabase(withOptions.href.replaceAll('+', '%20'), { isPooled: true })))
      .to.have.property('message')
      .that.matches(
        /^a pooler refuses the startup parameter \w+: remove options from DATABASE_URL and PGOPTIONS/,
      );
    await inspectDatabase(pooler.url, { isPooled: true });
  });
});
