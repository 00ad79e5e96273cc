import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { chown, copyFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'slonik';
import { z } from 'zod';
import { inspectDatabase } from '../../../../src/infrastructure/postgres/inspect-database.ts';
import { runMigrations } from '../../../../src/infrastructure/postgres/run-migrations.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { embeddedFolder } from '../../../support/embedded-postgres/embedded-folder.ts';
import { openDatabase } from '../../../support/postgres/postgres-repository.ts';
import { rejection, rejectionCode } from '../../../support/rejection.ts';
import { connect } from '../../../support/postgres/sql.ts';
import { anOwner, aTask, userId } from '../../../support/tasks/tasks.ts';

describe('TLS connections to PostgreSQL', function () {
  this.timeout(30_000);
  const opened = new AsyncDisposableStack();
  /** The database URL without `sslmode`. */
  let url: string;
  let plainUrl: string;
  let certificate: string;

  before(async function () {
    if (spawnSync('openssl', ['version']).status !== 0) {
      console.log('Skipped: TLS connections to PostgreSQL (openssl is not installed).');
      this.skip();
    }
    const folder = opened.use(await embeddedFolder(null));
    await (await folder.start())[Symbol.asyncDispose]();
    certificate = join(folder.path, 'certificate.pem');
    const key = join(folder.path, 'key.pem');
    const request = `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=taskhold -addext subjectAltName=IP:127.0.0.1`;
    spawnSync('openssl', [...request.split(' '), '-keyout', key, '-out', certificate]);
    const { uid, gid } = await stat(join(folder.path, 'postgres'));
    await chown(key, uid, gid);
    const server = await folder.start({ ssl: 'on', ssl_cert_file: certificate, ssl_key_file: key });
    plainUrl = server.url;
    const bare = new URL(plainUrl);
    bare.search = '';
    url = bare.href;
    await runMigrations(plainUrl);
  });
  after(() => opened.disposeAsync());

  const trusted = (mode: string): string =>
    `${url}?sslmode=${mode}&sslrootcert=${encodeURIComponent(certificate)}`;

  for (const mode of ['require', 'verify-full'])
    it(`given a trusted certificate and sslmode=${mode}: connects with TLS`, async () => {
      await using database = openDatabase(trusted(mode));
      const owner = anOwner();
      await postgresTaskRepository(database).add(owner, aTask());
      await using session = await connect(plainUrl);
      const [row] = await session.run(
        `select count(*)::int as safe, count(*) filter (where not ssl)::int as unsafe
         from pg_stat_ssl join pg_stat_activity using (pid)
         where datname = current_database() and pid <> pg_backend_pid() and application_name = ''`,
      );
      expect(row).to.deep.equal({ safe: 1, unsafe: 0 });
      expect((await runMigrations(trusted(mode))).migrations).to.deep.equal([]);
    });

  for (const mode of ['require', 'verify-full'])
    it(`given an untrusted certificate and sslmode=${mode}: unavailable`, async () => {
      await using database = openDatabase(`${url}?sslmode=${mode}`);
      expect(await rejectionCode(postgresTaskRepository(database).find(userId(), aTask().id))).to.equal(
        'unavailable',
      );
    });

  it('given a certificate file that is missing at first: unavailable, and connects once it is there', async () => {
    const late = `${certificate}.late`;
    await using database = openDatabase(`${url}?sslmode=verify-full&sslrootcert=${encodeURIComponent(late)}`);
    const tasks = postgresTaskRepository(database);
    expect(await rejectionCode(tasks.add(anOwner(), aTask()))).to.equal('unavailable');
    expect(await database.isReady()).to.be.false;
    await copyFile(certificate, late);
    expect(await tasks.add(anOwner(), aTask())).to.include({ revision: 1 });
    expect(await database.isReady()).to.be.true;
  });

  /** Whether the service, and check-config, connect with TLS. */
  const isEncrypted = async (given: string, environment: Readonly<Record<string, string>> = {}) => {
    await using database = openDatabase(given, { environment });
    const [row] = await database.rows(
      sql.type(z.object({ ssl: z.boolean() }))`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`,
    );
    const { encryption } = await inspectDatabase(given, { environment });
    expect(encryption !== null).to.equal(row?.ssl);
    return row?.ssl;
  };

  it('given PGSSLMODE=verify-full and no sslmode: everything connects with TLS', async () => {
    const environment = { PGSSLMODE: 'verify-full', PGSSLROOTCERT: certificate };
    expect(await isEncrypted(url, environment)).to.be.true;
    expect((await runMigrations(url, environment)).migrations).to.deep.equal([]);
    expect(await isEncrypted(plainUrl, environment), 'sslmode=disable in the URL').to.be.false;
  });

  it('given PGSSLMODE=verify-full and an untrusted certificate: nothing connects', async () => {
    const environment = { PGSSLMODE: 'verify-full' };
    await using database = openDatabase(url, { environment });
    expect(await database.isReady()).to.be.false;
    await rejection(inspectDatabase(url, { environment }));
    await rejection(runMigrations(url, environment));
  });

  it('given no sslmode anywhere: TLS, as the server offers it; sslmode=allow: none', async () => {
    expect(await isEncrypted(url)).to.be.true;
    expect(await isEncrypted(`${url}?sslmode=allow`)).to.be.false;
  });

  it('given hostaddr: the certificate has to be that of the host', async () => {
    const named = new URL(trusted('verify-full'));
    named.hostname = 'other.example';
    named.searchParams.set('hostaddr', '127.0.0.1');
    expect(await rejection(inspectDatabase(named.href)))
      .to.have.property('code')
      .that.equals('ERR_TLS_CERT_ALTNAME_INVALID');
    named.hostname = '127.0.0.1';
    expect(await isEncrypted(named.href)).to.be.true;
  });

  it('given channel_binding=require: connects with TLS alone', async () => {
    expect(await isEncrypted(`${trusted('verify-full')}&channel_binding=require`)).to.be.true;
    const without = `${url}?sslmode=disable&channel_binding=require`;
    expect(await rejection(inspectDatabase(without)))
      .to.have.property('message')
      .that.includes('channel_binding=require');
  });

  it('given an untrusted certificate and sslmode=no-verify: connects', async () => {
    await using database = openDatabase(`${url}?sslmode=no-verify`);
    expect(await postgresTaskRepository(database).find(userId(), aTask().id)).to.equal(null);
  });
});
