import { expect } from 'chai';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectDatabase } from '../../../../src/infrastructure/postgres/inspect-database.ts';
import { runMigrations } from '../../../../src/infrastructure/postgres/run-migrations.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { embeddedFolder } from '../../../support/embedded-postgres/embedded-folder.ts';
import { openDatabase } from '../../../support/postgres/postgres-repository.ts';
import { freshDatabase, type TestDatabase } from '../../../support/postgres/postgres.ts';
import { connect } from '../../../support/postgres/sql.ts';
import { rejection, rejectionCode } from '../../../support/rejection.ts';
import { anOwner, aTask } from '../../../support/tasks/tasks.ts';
import { until } from '../../../support/until.ts';

describe('connection strings', function () {
  this.timeout(60_000);

  /** Migrations, check-config and the service with one connection string: a task is written. */
  const useEverywhere = async (url: string): Promise<void> => {
    expect((await runMigrations(url)).migrations).to.be.an('array');
    expect((await inspectDatabase(url)).unmet).to.deep.equal([]);
    await using database = openDatabase(url);
    expect(await postgresTaskRepository(database).add(anOwner(), aTask())).to.include({ revision: 1 });
    expect(await database.isReady()).to.be.true;
  };

  describe('of a Unix socket', () => {
    const opened = new AsyncDisposableStack();
    let parts: { user: string; password: string; name: string; port: string; directory: string };
    before(async () => {
      const folder = opened.use(await embeddedFolder(null));
      const directory = join(folder.path, 'postgres');
      await (await folder.start())[Symbol.asyncDispose]();
      const url = new URL((await folder.start({ unix_socket_directories: directory })).url);
      parts = {
        user: url.username,
        password: url.password,
        name: url.pathname.slice(1),
        port: url.port,
        directory,
      };
    });
    after(() => opened.disposeAsync());

    const forms: readonly (readonly [form: string, url: () => string])[] = [
      [
        'host and port as parameters',
        () =>
          `postgres://${parts.user}:${parts.password}@/${parts.name}?host=${parts.directory}&port=${parts.port}`,
      ],
      [
        'everything as parameters',
        () =>
          `postgresql:///${parts.name}?host=${parts.directory}&port=${parts.port}&user=${parts.user}&password=${parts.password}`,
      ],
      [
        'an encoded directory as the host, and sslmode=verify-full',
        () =>
          `postgres://${parts.user}:${parts.password}@${encodeURIComponent(parts.directory)}:${parts.port}/${parts.name}?sslmode=verify-full`,
      ],
    ];
    for (const [form, url] of forms)
      it(`given ${form}: migrations, check-config and the service connect`, () => useEverywhere(url()));
  });

  describe('with several hosts', () => {
    let given: TestDatabase;
    let url: URL;
    beforeEach(async () => {
      given = await freshDatabase();
      url = new URL(given.url);
    });
    afterEach(() => given.drop());

    const withHosts = (hosts: string, query = ''): string =>
      `postgres://${url.username}:${url.password}@${hosts}${url.pathname}?sslmode=disable${query}`;

    it('given a first host that refuses connections: the next one is used', async () => {
      await useEverywhere(withHosts(`127.0.0.1:1,${url.host}`));
      await useEverywhere(withHosts(`127.0.0.1:1,${url.host}`, '&target_session_attrs=read-write'));
      await useEverywhere(withHosts(`${url.host},127.0.0.1:1`, '&load_balance_hosts=random'));
    });

    it('given only hosts that refuse connections: unavailable, and every reason is named', async () => {
      const all = withHosts('127.0.0.1:1,127.0.0.1:2');
      expect(await rejection(inspectDatabase(all)))
        .to.have.property('message')
        .that.match(/:1\b.*:2\b/);
      await using database = openDatabase(all);
      expect(await rejectionCode(postgresTaskRepository(database).add(anOwner(), aTask()))).to.equal(
        'unavailable',
      );
    });

    it('given a database that is read-only, and read-write: no connection; writable again: ready', async () => {
      const both = withHosts(`${url.host},${url.host}`, '&target_session_attrs=read-write');
      await using session = await connect(given.url);
      const name = url.pathname.slice(1);
      await session.run(`alter database ${name} set default_transaction_read_only = on`);
      await using database = openDatabase(both);
      expect(await database.isReady()).to.be.false;
      expect(await rejection(inspectDatabase(both)))
        .to.have.property('message')
        .that.includes('the server is not read-write');
      await session.run(`alter database ${name} reset default_transaction_read_only`);
      await until('the database is ready', () => database.isReady());
    });

    it('given a role that the first host refuses: the next hosts are not tried', async () => {
      const wrong = withHosts(`${url.host},${url.host}`).replace(`${url.username}:`, 'taskhold_nobody:');
      expect(await rejection(inspectDatabase(wrong))).not.to.be.instanceOf(AggregateError);
    });
  });

  it('given a standby and a primary: the primary is used', async () => {
    // A server with standby.signal and nothing to follow is a hot standby of its own data.
    await using first = await embeddedFolder(null);
    const primary = await first.start({ wal_level: 'replica' });
    await runMigrations(primary.url);
    await primary[Symbol.asyncDispose]();
    await using second = await embeddedFolder(first.path);
    const signal = join(second.path, 'postgres', 'standby.signal');
    await writeFile(signal, await readFile(join(second.path, 'postgres', 'PG_VERSION')));
    const standby = new URL((await second.start({ wal_level: 'replica' })).url);
    const writable = new URL((await first.start({ wal_level: 'replica' })).url);
    const { username, password, pathname } = writable;
    const url = `postgres://${username}:${password}@${standby.host},${writable.host}${pathname}?sslmode=disable`;
    await useEverywhere(`${url}&target_session_attrs=read-write`);
    await useEverywhere(`${url}&target_session_attrs=primary`);
  });
});
