import { expect } from 'chai';
import { PG_MIGRATE_LOCK_ID } from 'node-pg-migrate';
import { readdir } from 'node:fs/promises';
import { runMigrations } from '../../../src/infrastructure/postgres/run-migrations.ts';
import { holdLock } from '../../support/postgres/held-lock.ts';
import { emptyDatabase, freshDatabase, type TestDatabase } from '../../support/postgres/postgres.ts';
import { connect, query } from '../../support/postgres/sql.ts';
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
    expect(await runMigrations(database.url)).to.deep.equal(names);
    expect(await runMigrations(database.url)).to.deep.equal([]);
    expect(await recorded(database.url)).to.deep.equal(names);
  });

  it('given several instances on one empty database: every migration runs once', async () => {
    const runs = await Promise.all(Array.from({ length: 4 }, () => runMigrations(database.url)));
    expect(runs.filter((run) => run.length > 0)).to.deep.equal([names]);
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
      expect(await runs).to.deep.equal([[], [], [], []]);
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

  it('given freshDatabase: no migration is pending', async () => {
    const fresh = await freshDatabase();
    try {
      expect(await runMigrations(fresh.url)).to.deep.equal([]);
    } finally {
      await fresh.drop();
    }
  });
});

const recorded = async (url: string): Promise<readonly unknown[]> =>
  (await query(url, 'select name from migrations order by id')).map(({ name }) => name);
