import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseError } from 'pg';
import { createDatabase } from '../../../src/infrastructure/postgres/client/database.ts';
import { runMigrations } from '../../../src/infrastructure/postgres/run-migrations.ts';
import { startEmbeddedChild } from '../../support/embedded-postgres/embedded-child.ts';
import { embeddedFolder, type EmbeddedFolder } from '../../support/embedded-postgres/embedded-folder.ts';
import { isAlive, postmasterOf, until } from '../../support/postgres/postmaster.ts';
import { query } from '../../support/postgres/sql.ts';
import { rejection } from '../../support/rejection.ts';

describe('embedded PostgreSQL', () => {
  /** The data of a server that was started and stopped. */
  let pristine: EmbeddedFolder;

  before(async () => {
    pristine = await embeddedFolder(null);
    const first = await pristine.start();
    await query(first.url, 'create table notes (note text)');
    await first[Symbol.asyncDispose]();
  });

  after(() => pristine[Symbol.asyncDispose]());

  const notes = async (url: string): Promise<readonly unknown[]> =>
    (await query(url, 'select note from notes order by note')).map(({ note }) => note);

  const note = (url: string, text: string) => query(url, 'insert into notes values ($1)', [text]);

  const options = {
    poolMax: 1,
    queueMax: 1,
    statementTimeoutMs: 5_000,
    preparedStatements: true,
    batching: true,
  };

  const pidIn = async ({ path }: EmbeddedFolder): Promise<number> => {
    const pid = await postmasterOf(path);
    if (pid === null) throw new Error('No server is running.');
    return pid;
  };

  const temporaryFolders = async ({ path }: EmbeddedFolder): Promise<readonly string[]> =>
    (await readdir(path).catch(() => [])).filter((name) => name.startsWith('postgres.new-'));

  const isBeingCreated = async (data: EmbeddedFolder): Promise<boolean> => {
    const [name = ''] = await temporaryFolders(data);
    return stat(join(data.path, name, 'cluster', 'PG_VERSION')).then(
      () => true,
      () => false,
    );
  };

  describe('first start', () => {
    it('given a folder with special characters: creates a UTF-8 database with durable settings', async () => {
      await using data = await embeddedFolder(null, `it's a "data" $HOME \`folder\``);
      const { url } = await data.start();
      const settings = await query(
        url,
        `select name, setting from pg_settings where name = any (string_to_array($1, ' ')) order by name`,
        [
          'fsync full_page_writes listen_addresses server_encoding synchronous_commit unix_socket_directories TimeZone',
        ],
      );
      expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).to.deep.equal({
        fsync: 'on',
        full_page_writes: 'on',
        listen_addresses: '127.0.0.1',
        server_encoding: 'UTF8',
        synchronous_commit: 'on',
        TimeZone: 'UTC',
        unix_socket_directories: '',
      });
      const [database] = await query(
        url,
        `select current_database() as name, datlocprovider as provider, datlocale as locale,
           current_setting('server_version_num')::int / 10000 as version
         from pg_database where datname = current_database()`,
      );
      expect(database).to.deep.equal({ name: 'taskhold', provider: 'b', locale: 'C.UTF-8', version: 18 });
      expect(await temporaryFolders(data)).to.deep.equal([]);
    });

    it('given a cluster: its password has 32 characters, is stored with mode 600, and is required', async () => {
      await using data = await embeddedFolder(pristine.path);
      const { url } = await data.start();
      const { password } = new URL(url);
      const file = join(data.path, 'postgres', 'taskhold.password');
      expect((await readFile(file, 'utf8')).trim())
        .to.equal(password)
        .and.have.length(32);
      expect((await stat(file)).mode & 0o777).to.equal(0o600);
      const refused = await rejection(query(url.replace(password, 'guess'), 'select'));
      expect(refused).to.be.instanceOf(DatabaseError).with.property('code', '28P01');
    });

    it('given a killed first start: the next one succeeds, and removes the temporary files', async () => {
      await using data = await embeddedFolder(null);
      await using killed = startEmbeddedChild(data.path, 'never');
      await until('the files are being created', () => isBeingCreated(data));
      await killed.kill('SIGKILL');

      const first = await data.start();
      await query(first.url, 'create table notes (note text)');
      await first[Symbol.asyncDispose]();
      const [left = ''] = await temporaryFolders(data);
      await utimes(join(data.path, left), 0, 0);
      expect(await notes((await data.start()).url)).to.deep.equal([]);
      expect(await temporaryFolders(data)).to.deep.equal([]);
    });

    it('given SIGTERM to the process group of the service: the start succeeds', async () => {
      await using data = await embeddedFolder(null);
      await using service = startEmbeddedChild(data.path, 'stored all the same');
      await until('the files are being created', () => isBeingCreated(data));
      service.signalGroup('SIGTERM');
      await service.stored;
    });

    it('given several services that start together: they share one server, and the last one stops it', async () => {
      await using data = await embeddedFolder(null);
      await using a = startEmbeddedChild(data.path, 'a');
      await using b = startEmbeddedChild(data.path, 'b');
      const [ours] = await Promise.all([data.start(), a.stored, b.stored]);
      const pid = await pidIn(data);
      expect(await notes(ours.url)).to.deep.equal(['a', 'b']);
      expect(await temporaryFolders(data)).to.deep.equal([]);

      await ours[Symbol.asyncDispose]();
      expect(await isAlive(pid)).to.equal(true);
      await a.kill('SIGKILL');
      await b.kill('SIGKILL');
      const last = await data.start();
      expect(await pidIn(data)).to.equal(pid);
      await last[Symbol.asyncDispose]();
      expect(await isAlive(pid)).to.equal(false);
    });

    it('given a folder with other files: the start fails, and the files stay', async () => {
      await using data = await embeddedFolder(null);
      const file = join(data.path, 'postgres', 'precious.txt');
      await mkdir(join(data.path, 'postgres'), { recursive: true });
      await writeFile(file, 'keep me');
      expect(await rejection(data.start()))
        .to.be.instanceOf(Error)
        .with.property('message')
        .that.contains('is not a PostgreSQL cluster');
      expect(await readFile(file, 'utf8')).to.equal('keep me');
      expect(await temporaryFolders(data)).to.deep.equal([]);
    });
  });

  describe('later starts', () => {
    it('given stored data: it is found, and neither a process nor a listener remains after the stop', async () => {
      await using data = await embeddedFolder(pristine.path);
      const listeners = (): number[] =>
        ['exit', 'SIGINT', 'SIGTERM'].map((event) => process.listenerCount(event));
      const before = listeners();
      const first = await data.start();
      await note(first.url, 'kept');
      const pid = await pidIn(data);
      await Promise.all([first[Symbol.asyncDispose](), first[Symbol.asyncDispose]()]);
      expect(await isAlive(pid)).to.equal(false);
      expect(await postmasterOf(data.path)).to.equal(null);

      const second = await data.start();
      expect(await notes(second.url)).to.deep.equal(['kept']);
      expect(listeners()).to.deep.equal(before);
    });

    for (const signal of ['SIGKILL', 'SIGINT'] as const) {
      it(`given ${signal} to the process group of the service: the next start takes over its server`, async () => {
        await using data = await embeddedFolder(pristine.path);
        await using service = startEmbeddedChild(data.path, 'acknowledged');
        await service.stored;
        const pid = await pidIn(data);
        await service.kill(signal);

        const next = await data.start();
        expect(await pidIn(data)).to.equal(pid);
        expect(await notes(next.url)).to.deep.equal(['acknowledged']);
        await next[Symbol.asyncDispose]();
        expect(await isAlive(pid)).to.equal(false);
      });
    }

    it('given a killed service and a killed server: the stored data is recovered', async () => {
      await using data = await embeddedFolder(pristine.path);
      await using service = startEmbeddedChild(data.path, 'acknowledged');
      await service.stored;
      process.kill(await pidIn(data), 'SIGKILL');
      await service.kill('SIGKILL');
      expect(await notes((await data.start()).url)).to.deep.equal(['acknowledged']);
    });

    it('given a server that is stopping: the start waits for it', async () => {
      await using data = await embeddedFolder(pristine.path);
      const first = await data.start();
      await note(first.url, 'kept');
      const stopping = first[Symbol.asyncDispose]();
      expect(await notes((await data.start()).url)).to.deep.equal(['kept']);
      await stopping;
    });

    it('given a postmaster.pid with the process id of another program: the start succeeds', async () => {
      await using data = await embeddedFolder(pristine.path);
      const { uid, gid } = await stat(join(data.path, 'postgres'));
      const owner = process.getuid?.() === 0 ? { uid: uid || 65534, gid: gid || 65534 } : {};
      const other = spawn('sleep', ['60'], { ...owner, cwd: '/', stdio: 'ignore' });
      try {
        const lines = [
          other.pid,
          join(data.path, 'postgres'),
          1,
          5432,
          '',
          '127.0.0.1',
          '        1         1',
          'ready',
        ];
        await writeFile(join(data.path, 'postgres', 'postmaster.pid'), lines.join('\n'));
        expect(await notes((await data.start()).url)).to.deep.equal([]);
        expect(other.exitCode).to.equal(null);
      } finally {
        other.kill();
      }
    });

    it('given an empty postmaster.pid: the start succeeds', async () => {
      await using data = await embeddedFolder(pristine.path);
      const file = join(data.path, 'postgres', 'postmaster.pid');
      await writeFile(file, '');
      await utimes(file, 0, 0);
      expect(await notes((await data.start()).url)).to.deep.equal([]);
    });

    it('given an invalid setting: the error contains the message of PostgreSQL', async () => {
      await using data = await embeddedFolder(pristine.path);
      const error = await rejection(data.start({ shared_buffers: 'plenty' }));
      expect(error)
        .to.be.instanceOf(Error)
        .with.property('message')
        .that.contains('"shared_buffers": "plenty"');
      expect(await postmasterOf(data.path)).to.equal(null);
    });
  });

  it('given a copy of a folder in use: it gets its own server', async () => {
    await using data = await embeddedFolder(pristine.path);
    const original = await data.start();
    await query(original.url, 'checkpoint');
    await using copied = await embeddedFolder(data.path);
    await note((await copied.start()).url, 'in the copy alone');
    expect(await notes(original.url)).to.deep.equal([]);
  });

  it('given PGSSLMODE=require: connects without TLS', async () => {
    await using data = await embeddedFolder(pristine.path);
    process.env['PGSSLMODE'] = 'require';
    try {
      const { url } = await data.start();
      expect((await runMigrations(url)).migrations).to.have.length.greaterThan(0);
      await using database = createDatabase({ ...options, url }, () => undefined);
      expect(await database.isReady()).to.equal(true);
    } finally {
      delete process.env['PGSSLMODE'];
    }
  });

  it('given a server that was stopped and restarted by others: disposing does not stop it', async () => {
    await using data = await embeddedFolder(pristine.path);
    const first = await data.start();
    const pid = await pidIn(data);
    process.kill(pid, 'SIGINT');
    await until('the server has stopped', async () => (await postmasterOf(data.path)) === null);
    const second = await data.start();
    await first[Symbol.asyncDispose]();
    expect(await notes(second.url)).to.deep.equal([]);
  });
});
