import { expect } from 'chai';
import { readdir } from 'node:fs/promises';
import { Client } from 'pg';
import { runMigrations } from '../../../src/infrastructure/postgres/run-migrations.ts';
import { emptyDatabase, freshDatabase, type TestDatabase } from '../../support/postgres/postgres.ts';
import { connect } from '../../support/postgres/sql.ts';

const directory = new URL('../../../src/infrastructure/postgres/migrations/', import.meta.url);

describe('migrating the database', () => {
  let database: TestDatabase;
  let names: readonly string[];

  before(async () => {
    names = (await readdir(directory)).map((file) => file.replace(/\.sql$/, '')).toSorted();
  });

  beforeEach(async () => {
    database = await emptyDatabase();
  });

  afterEach(() => database.drop());

  it('runs every migration once, in order, and then finds nothing to do', async () => {
    expect(await runMigrations(database.url)).to.deep.equal(names);
    expect(await runMigrations(database.url)).to.deep.equal([]);
    expect(await recorded(database.url)).to.deep.equal(names);
  });

  it('runs every migration once when several instances start together on an empty database', async () => {
    const runs = await Promise.all(Array.from({ length: 4 }, () => runMigrations(database.url)));
    expect(runs.filter((run) => run.length > 0)).to.deep.equal([names]);
    expect(await recorded(database.url)).to.deep.equal(names);
  });

  it('has closed its connection when it is done', async () => {
    await using session = await connect(database.url);
    for (let n = 0; n < 10; n += 1) {
      await runMigrations(database.url);
      const others = `select pid from pg_stat_activity
        where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`;
      expect(await session.run(others)).to.deep.equal([]);
    }
  });

  it('leaves what the tests get: a migrated database', async () => {
    const fresh = await freshDatabase();
    try {
      expect(await runMigrations(fresh.url)).to.deep.equal([]);
    } finally {
      await fresh.drop();
    }
  });
});

const recorded = async (url: string): Promise<readonly string[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>('select name from migrations order by id');
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
};
