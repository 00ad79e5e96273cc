import { expect } from 'chai';
import { PG_MIGRATE_LOCK_ID } from 'node-pg-migrate';
import { readdir } from 'node:fs/promises';
import { inspectDatabase } from '../../../src/infrastructure/postgres/inspect-database.ts';
import { UnmetRequirementsError } from '../../../src/infrastructure/postgres/requirements/unmet-error.ts';
import { runMigrations } from '../../../src/infrastructure/postgres/run-migrations.ts';
import { createFirstEdition } from '../../support/first-edition/create-first-edition.ts';
import { holdLock } from '../../support/postgres/held-lock.ts';
import { emptyDatabase, freshDatabase, type TestDatabase } from '../../support/postgres/postgres.ts';
import { connect, query } from '../../support/postgres/sql.ts';
import { rejection } from '../../support/rejection.ts';
import { until } from '../../support/until.ts';

const directory = new URL('../../../src/infrastructure/postgres/migrations/', import.meta.url);

describe('runMigrations', () => {
  let database: TestDatabase;
  let names: readonly string[];

  before(async () => {
    names = (await readdir(directory)).map((file) => file.replace(/\.sql$/, '')).toSorted();
  });

  beforeEach(async () => {
    database = await emptyDatabase();
  });

  afterEach(() => database.drop());

  it('given an empty database: every migration runs once, in order; a second call runs none', async () => {
    expect(await runMigrations(database.url)).to.deep.equal({ migrations: names, indexes: [] });
    expect(await runMigrations(database.url)).to.deep.equal({ migrations: [], indexes: [] });
    expect(await recorded(database.url)).to.deep.equal(names);
  });

  it('given several instances on one empty database: every migration runs once', async () => {
    const runs = await Promise.all(Array.from({ length: 4 }, () => runMigrations(database.url)));
    expect(runs.map(({ migrations }) => migrations).filter(({ length }) => length > 0)).to.deep.equal([
      names,
    ]);
    expect(await recorded(database.url)).to.deep.equal(names);
  });

  for (const isolation of ['read committed', 'repeatable read', 'serializable'])
    it(`given several instances, a record in public as older versions left it, and ${isolation}: adopted once`, async () => {
      const name = new URL(database.url).pathname.slice(1);
      await query(database.url, 'create schema staging');
      await query(database.url, `alter database ${name} set search_path = staging`);
      await query(database.url, `alter database ${name} set default_transaction_isolation = '${isolation}'`);
      await runMigrations(database.url);
      await query(database.url, 'alter table staging.migrations set schema public');
      await using lock = await holdLock(database.url, 'select pg_advisory_xact_lock($1)', [
        PG_MIGRATE_LOCK_ID,
      ]);
      const runs = Promise.all(Array.from({ length: 4 }, () => runMigrations(database.url)));
      await until('4 sessions try to get the lock', async () => {
        const tries = `select from pg_stat_activity
          where datname = $1 and query like '%pg_try_advisory_lock%' and pid <> pg_backend_pid()`;
        return (await query(database.url, tries, [name])).length === 4;
      });
      await lock.session.run('rollback');
      expect((await runs).map(({ migrations }) => migrations)).to.deep.equal([[], [], [], []]);
      expect(await recorded(database.url)).to.deep.equal(names);
    });

  it('given a finished run: its connection is closed', async () => {
    await using session = await connect(database.url);
    for (let n = 0; n < 10; n += 1) {
      await runMigrations(database.url);
      const others = `select pid from pg_stat_activity
        where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`;
      expect(await session.run(others)).to.deep.equal([]);
    }
  });

  it('given roles that may use tasks: they may use the tables of the trash in the same way, and no others may', async () => {
    await createFirstEdition(database.url);
    const name = new URL(database.url).pathname.slice(1);
    const [writer, reader, other] = [`${name}-Writer`, `${name}_reader`, `${name}_other`];
    await using session = await connect(database.url);
    for (const role of [writer, reader, other]) await session.run(`create role "${role}"`);
    try {
      await session.run(`grant select, insert, update, delete, references on owners, tasks to "${writer}"`);
      await session.run(`grant select on tasks to ${reader}`);
      await runMigrations(database.url);
      const rights = await session.run(
        `select role, table_name, string_agg(privilege, ' ') as rights
         from unnest($1::text[]) as role, unnest('{trashed_tasks,tombstones}'::text[]) as table_name,
           unnest('{SELECT,INSERT,UPDATE,DELETE,REFERENCES}'::text[]) as privilege
         where has_table_privilege(role, table_name, privilege) group by 1, 2 order by 1, 2 desc`,
        [[writer, reader, other]],
      );
      const tables = ['trashed_tasks', 'tombstones'];
      expect(rights).to.have.deep.members([
        ...tables.map((table) => ({
          role: writer,
          table_name: table,
          rights: 'SELECT INSERT UPDATE DELETE',
        })),
        ...tables.map((table) => ({ role: reader, table_name: table, rights: 'SELECT' })),
      ]);
    } finally {
      for (const role of [writer, reader, other]) {
        await session.run(`drop owned by "${role}"`);
        await session.run(`drop role "${role}"`);
      }
    }
  });

  it('given a record without a migration before the last one: refused with the remedy, by all that use the list', async () => {
    await runMigrations(database.url);
    const lost = names.slice(2, 4);
    await query(database.url, `delete from migrations where name in ('${lost.join("', '")}')`);
    const before = await recorded(database.url);
    const error = await rejection(runMigrations(database.url));
    expect(error).to.be.instanceOf(UnmetRequirementsError);
    expect(String(error)).to.match(
      new RegExp(`lacks ${lost.join(', ')}, although later ones ran; .* a backup, .* run: INSERT INTO`),
    );
    expect(await recorded(database.url)).to.deep.equal(before);
    const { pending, unmet, obstacles } = await inspectDatabase(database.url);
    const [problem = ''] = unmet.map((one) => one.problem);
    expect([pending, unmet]).to.deep.equal([[], obstacles]);
    expect(String(error)).to.include(problem);

    await query(database.url, problem.slice(problem.indexOf('INSERT INTO')));
    expect((await inspectDatabase(database.url)).unmet).to.deep.equal([]);
    expect((await runMigrations(database.url)).migrations).to.deep.equal([]);
    // The order in which they were recorded does not matter for the next one.
    await query(database.url, `delete from migrations where name = '0010_erasure'; drop function erase_user`);
    expect((await runMigrations(database.url)).migrations).to.deep.equal(['0010_erasure']);
  });

  it('given a record in public without a migration before the last one: refused once it is adopted', async () => {
    const [name, lost] = [new URL(database.url).pathname.slice(1), '0003_large_lists'];
    await query(database.url, 'create schema staging');
    await query(database.url, `alter database ${name} set search_path = staging`);
    await runMigrations(database.url);
    await query(
      database.url,
      `delete from migrations where name in ('${lost}', '0010_erasure'); drop function erase_user; alter table staging.migrations set schema public`,
    );
    for (let n = 0; n < 2; n += 1)
      expect(String(await rejection(runMigrations(database.url)))).to.match(
        /^UnmetRequirementsError: The record of migrations in "staging"\.migrations lacks 0003_large_lists, /,
      );
    expect(await recorded(database.url)).to.deep.equal(
      names.filter((one) => one !== lost && one !== '0010_erasure'),
    );
  });

  it('given freshDatabase: no migration is pending', async () => {
    const fresh = await freshDatabase();
    try {
      expect((await runMigrations(fresh.url)).migrations).to.deep.equal([]);
    } finally {
      await fresh.drop();
    }
  });
});

const recorded = async (url: string): Promise<readonly unknown[]> =>
  (await query(url, 'select name from migrations order by id')).map(({ name }) => name);
