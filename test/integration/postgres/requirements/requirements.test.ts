import { expect } from 'chai';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { inspectDatabase } from '../../../../src/infrastructure/postgres/inspect-database.ts';
import { UnmetRequirementsError } from '../../../../src/infrastructure/postgres/requirements/unmet-error.ts';
import { runMigrations } from '../../../../src/infrastructure/postgres/run-migrations.ts';
import type { Observation } from '../../../../src/application/ports/observer.ts';
import { openDatabase } from '../../../support/postgres/postgres-repository.ts';
import { emptyDatabase, freshDatabase, type TestDatabase } from '../../../support/postgres/postgres.ts';
import { connect, query, type Session } from '../../../support/postgres/sql.ts';
import { rejection, rejectionCode } from '../../../support/rejection.ts';
import { anOwner, aQuery, aTask } from '../../../support/tasks/tasks.ts';
import { until } from '../../../support/until.ts';

describe('what the service needs of a database', () => {
  const problemsOf = async (url: string): Promise<string> =>
    (await inspectDatabase(url)).unmet.map(({ problem }) => problem).join('\n');

  /** Reads and writes are unavailable and the database is not ready; returns what is observed. */
  const refuses = async (url: string): Promise<readonly Observation[]> => {
    const observations: Observation[] = [];
    await using database = openDatabase(url, { observe: (one) => void observations.push(one) });
    const tasks = postgresTaskRepository(database);
    expect(await rejectionCode(tasks.list(anOwner().id, aQuery()))).to.equal('unavailable');
    expect(await rejectionCode(tasks.add(anOwner(), aTask()))).to.equal('unavailable');
    expect([await database.isReady(), database.problem()]).to.deep.equal([false, 'unprepared']);
    return observations;
  };

  const works = async (url: string): Promise<void> => {
    await using database = openDatabase(url);
    const tasks = postgresTaskRepository(database);
    const owner = anOwner();
    const task = await tasks.add(owner, aTask());
    expect((await tasks.list(owner.id, aQuery())).tasks).to.deep.equal([task]);
    expect([await database.isReady(), database.problem()]).to.deep.equal([true, null]);
  };

  const withOptions = (url: string, options: string): string => {
    const changed = new URL(url);
    changed.searchParams.set('options', options);
    return changed.href.replaceAll('+', '%20');
  };

  describe('encoding of the database', () => {
    for (const encoding of ['SQL_ASCII', 'LATIN1'])
      it(`given ${encoding}: refused, and nothing is migrated`, async () => {
        const { url, drop } = await emptyDatabase();
        const changed = new URL(url);
        const name = `${changed.pathname.slice(1)}_${encoding.toLowerCase()}`;
        await query(url, `create database ${name} encoding '${encoding}' locale 'C' template template0`);
        changed.pathname = `/${name}`;
        try {
          expect(await problemsOf(changed.href)).to.include(`The encoding of the database is ${encoding}`);
          expect(await rejection(runMigrations(changed.href))).to.be.instanceOf(UnmetRequirementsError);
          expect(
            await query(changed.href, `select 1 from pg_tables where schemaname = 'public'`),
          ).to.deep.equal([]);
          await refuses(changed.href);
        } finally {
          await query(url, `drop database ${name} with (force)`);
          await drop();
        }
      });
  });

  describe('its tables', () => {
    let given: TestDatabase;
    let session: Session;
    const begin = async (database: TestDatabase) => {
      given = database;
      session = await connect(given.url);
    };
    afterEach(async () => {
      await session[Symbol.asyncDispose]();
      await given.drop();
    });

    it('given an empty database: unavailable, and the missing migration is named', async () => {
      await begin(await emptyDatabase());
      const observations = await refuses(given.url);
      const [first] = observations;
      expect(first).to.include({ type: 'database_error', reason: 'unprepared' });
      expect(first).to.have.nested.property('error.message').that.includes('0001_owners_and_tasks');
    });

    it('given an empty database that is migrated while the service runs: ready', async () => {
      await begin(await emptyDatabase());
      await using database = openDatabase(given.url);
      expect(await database.isReady()).to.be.false;
      await runMigrations(given.url);
      await until('the database is ready', () => database.isReady());
      expect(await postgresTaskRepository(database).add(anOwner(), aTask())).to.include({ revision: 1 });
    });

    it('given a table that is dropped while the service runs: unavailable, not a bug', async () => {
      await begin(await freshDatabase());
      await using database = openDatabase(given.url);
      const tasks = postgresTaskRepository(database);
      await tasks.add(anOwner(), aTask());
      await session.run('drop table tasks');
      expect(await rejectionCode(tasks.list(anOwner().id, aQuery()))).to.equal('unavailable');
      expect(await rejectionCode(tasks.add(anOwner(), aTask()))).to.equal('unavailable');
      expect(await database.isReady()).to.be.false;
    });

    it('given a newer database: ready', async () => {
      await begin(await freshDatabase());
      await session.run(`insert into migrations (name, run_on) values ('9999_newer', now())`);
      await works(given.url);
    });

    it('given a role that lacks a right: unavailable, and the right is named', async () => {
      await begin(await freshDatabase());
      const role = new URL(given.url).pathname.slice(1);
      await session.run(`create role ${role} login password 'pw'`);
      try {
        const url = new URL(given.url);
        [url.username, url.password] = [role, 'pw'];
        expect(await problemsOf(url.href)).to.include('ON "public".owners');
        await session.run(
          `grant select on migrations to ${role}; grant select, insert, update on owners, tasks to ${role};
           grant all on trashed_tasks, tombstones, idempotency_keys to ${role}`,
        );
        expect(await problemsOf(url.href)).to.include('GRANT DELETE ON "public".tasks');
        await refuses(url.href);
        await session.run(`grant delete on tasks to ${role}`);
        await works(url.href);
        await session.run(`revoke create on schema public from public`);
        await session.run(
          `drop table tasks, trashed_tasks, tombstones, idempotency_keys, owners, migrations`,
        );
        expect(await rejection(runMigrations(url.href)))
          .to.be.instanceOf(UnmetRequirementsError)
          .with.property('message')
          .that.includes(`may not create tables in the schema public`);
      } finally {
        await session.run(`drop owned by ${role}; drop role ${role}`);
      }
    });
  });

  describe('its schema', () => {
    let given: TestDatabase;
    beforeEach(async () => {
      given = await emptyDatabase();
      await query(given.url, 'create schema staging; create schema "Prod 1"');
    });
    afterEach(() => given.drop());

    it('given two installations in two schemas: each has its own tables and record', async () => {
      const staging = withOptions(given.url, '-c search_path=Staging');
      const prod = withOptions(given.url, '-c search_path="Prod\\ 1",public');
      expect((await runMigrations(staging)).migrations).not.to.be.empty;
      await works(staging);
      await refuses(prod);
      expect((await runMigrations(prod)).migrations).not.to.be.empty;
      await works(prod);
      await refuses(given.url);
      expect((await runMigrations(given.url)).migrations).not.to.be.empty;
      await works(given.url);
      for (const url of [staging, prod, given.url])
        expect((await runMigrations(url)).migrations).to.deep.equal([]);
      const rows = await query(
        given.url,
        `select schemaname from pg_tables where tablename in ('owners', 'tasks', 'migrations')
         group by 1 having count(*) = 3 order by schemaname collate "C"`,
      );
      expect(rows.map(({ schemaname }) => schemaname)).to.deep.equal(['Prod 1', 'public', 'staging']);
    });

    it('given a search path whose first schema does not exist: refused, although the next one exists', async () => {
      const missing = withOptions(given.url, '-c search_path=missing,public');
      await runMigrations(given.url);
      expect(await problemsOf(missing)).to.include('The schema missing, which the search path names first');
      expect(await rejection(runMigrations(missing))).to.be.instanceOf(UnmetRequirementsError);
      await refuses(missing);
    });

    it('given a schema of the name of the role: it is used', async () => {
      const [row] = await query(given.url, 'select current_user::text as name');
      await query(given.url, `create schema "${String(row?.['name'])}"`);
      await runMigrations(given.url);
      await works(given.url);
      expect(await query(given.url, `select 1 from pg_tables where schemaname = 'public'`)).to.deep.equal([]);
    });

    it('given tables in a schema and their record in public, as older versions left it: adopted', async () => {
      const staging = withOptions(given.url, '-c search_path=staging');
      await runMigrations(staging);
      await query(given.url, 'alter table staging.migrations set schema public');
      await refuses(staging);
      expect((await runMigrations(staging)).migrations).to.deep.equal([]);
      await works(staging);
    });
  });

  describe('its settings', () => {
    let given: TestDatabase;
    let session: Session;
    let name: string;
    beforeEach(async () => {
      given = await freshDatabase();
      session = await connect(given.url);
      name = new URL(given.url).pathname.slice(1);
    });
    afterEach(async () => {
      await session[Symbol.asyncDispose]();
      await given.drop();
    });

    const changed = {
      datestyle: 'German, DMY',
      timezone: 'Asia/Kathmandu',
      intervalstyle: 'sql_standard',
      client_encoding: 'LATIN1',
      standard_conforming_strings: 'off',
      array_nulls: 'off',
      default_transaction_isolation: 'serializable',
      statement_timeout: '1',
    };
    it('given a database that changes every setting: the service sets its own', async () => {
      for (const [setting, value] of Object.entries(changed).filter(([key]) => key !== 'statement_timeout'))
        await session.run(`alter database ${name} set ${setting} = '${value}'`);
      expect(await problemsOf(given.url)).to.equal('');
      await works(given.url);
      await using database = openDatabase(given.url);
      const tasks = postgresTaskRepository(database);
      const owners = Array.from({ length: 12 }, () => anOwner());
      for (let round = 0; round < 2; round += 1)
        await Promise.all(owners.map((owner) => tasks.add(owner, aTask({ description: null }))));
      const stored = await session.run('select distinct description from tasks');
      expect(stored).to.deep.equal([{ description: null }]);
    });

    it('given a pooler, where they cannot be set: a changed setting is named', async () => {
      await session.run(`alter database ${name} set array_nulls = off`);
      await session.run(`alter database ${name} set default_transaction_isolation = 'repeatable read'`);
      const { unmet } = await inspectDatabase(given.url, { isPooled: true });
      expect(unmet.map(({ problem }) => problem).join()).to.match(
        /array_nulls.*default_transaction_isolation/,
      );
      await using database = openDatabase(given.url, { preparedStatements: false });
      expect(await database.isReady()).to.be.false;
    });

    it('given a statement timeout of the role that is shorter than a migration: migrations run', async () => {
      const empty = await emptyDatabase();
      try {
        const other = new URL(empty.url).pathname.slice(1);
        await session.run(`alter database ${other} set statement_timeout = 5`);
        expect((await runMigrations(empty.url)).migrations).not.to.be.empty;
      } finally {
        await empty.drop();
      }
    });

    it('given a database that is read-only: not ready, reads work, writes are unavailable', async () => {
      await using database = openDatabase(given.url);
      const tasks = postgresTaskRepository(database);
      await session.run(`alter database ${name} set default_transaction_read_only = on`);
      expect(await database.isReady()).to.be.false;
      expect((await tasks.list(anOwner().id, aQuery())).tasks).to.deep.equal([]);
      expect(await rejectionCode(tasks.add(anOwner(), aTask()))).to.equal('unavailable');
      await session.run(`alter database ${name} reset default_transaction_read_only`);
      await until('the database is ready', () => database.isReady());
      expect(await tasks.add(anOwner(), aTask())).to.include({ revision: 1 });
    });
  });
});
