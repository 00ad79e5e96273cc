import { expect } from 'chai';
import { inspectDatabase } from '../../../../src/infrastructure/postgres/inspect-database.ts';
import { runMigrations } from '../../../../src/infrastructure/postgres/run-migrations.ts';
import { createFirstEdition } from '../../../support/first-edition/create-first-edition.ts';
import { emptyDatabase, type TestDatabase } from '../../../support/postgres/postgres.ts';
import { connect, type Session } from '../../../support/postgres/sql.ts';

describe('rights after an upgrade of the first edition', () => {
  let database: TestDatabase;
  let session: Session;
  let role: string;
  let url: string;
  beforeEach(async () => {
    database = await emptyDatabase();
    await createFirstEdition(database.url);
    session = await connect(database.url);
    role = `"App ${new URL(database.url).pathname.slice(1)}"`;
    await session.run(`create role ${role} login password 'pw'`);
    const changed = new URL(database.url);
    [changed.username, changed.password] = [encodeURIComponent(role.slice(1, -1)), 'pw'];
    url = changed.href;
  });
  afterEach(async () => {
    await session.run(`drop owned by ${role} cascade; drop role ${role}`);
    await session[Symbol.asyncDispose]();
    await database.drop();
  });

  it('given a role that may use the tables: may use the new ones too', async () => {
    await session.run(`grant select, insert, update, delete on owners, tasks to ${role}`);
    await session.run(`grant select on migrations to ${role}`);
    await runMigrations(database.url);
    expect((await inspectDatabase(url)).unmet).to.deep.equal([]);
  });

  it('given a role that owns the tables, and another one that migrates: may use the new ones too', async () => {
    await session.run(`alter table owners owner to ${role}; alter table tasks owner to ${role}`);
    await session.run(`grant select on migrations to ${role}`);
    await runMigrations(database.url);
    expect((await inspectDatabase(url)).unmet).to.deep.equal([]);
  });
});
