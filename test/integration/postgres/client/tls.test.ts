import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { chown, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runMigrations } from '../../../../src/infrastructure/postgres/run-migrations.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { embeddedFolder } from '../../../support/embedded-postgres/embedded-folder.ts';
import { openDatabase } from '../../../support/postgres/postgres-repository.ts';
import { rejectionCode } from '../../../support/rejection.ts';
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
      expect(await runMigrations(trusted(mode))).to.deep.equal([]);
    });

  for (const mode of ['require', 'verify-full'])
    it(`given an untrusted certificate and sslmode=${mode}: unavailable`, async () => {
      await using database = openDatabase(`${url}?sslmode=${mode}`);
      expect(await rejectionCode(postgresTaskRepository(database).find(userId(), aTask().id))).to.equal(
        'unavailable',
      );
    });

  it('given an untrusted certificate and sslmode=no-verify: connects', async () => {
    await using database = openDatabase(`${url}?sslmode=no-verify`);
    expect(await postgresTaskRepository(database).find(userId(), aTask().id)).to.equal(null);
  });
});
