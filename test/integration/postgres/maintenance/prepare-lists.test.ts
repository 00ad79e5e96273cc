import { expect } from 'chai';
import { Client } from 'pg';
import { prepareLists } from '../../../../src/infrastructure/postgres/maintenance/prepare-lists.ts';
import { connectFirstEdition } from '../../../support/first-edition/connect-first-edition.ts';
import { fillFirstEdition } from '../../../support/first-edition/fill-first-edition.ts';
import { holdLock } from '../../../support/postgres/held-lock.ts';
import { freshDatabase, type TestDatabase } from '../../../support/postgres/postgres.ts';
import { connect, scalar, type Session } from '../../../support/postgres/sql.ts';
import { until } from '../../../support/until.ts';

describe('prepareLists', () => {
  let database: TestDatabase;
  let session: Session;
  let client: Client;
  beforeEach(async () => {
    database = await freshDatabase();
    session = await connect(database.url);
    client = new Client({ connectionString: database.url });
    await client.connect();
    // Rows as they are before they are prepared.
    await fillFirstEdition(database.url, [{ user: 'one', tasks: 20 }]);
    await session.run('alter table tasks drop constraint tasks_title_folded');
    await session.run('update tasks set title_folded = null, description_folded = null, is_indexed = null');
  });
  afterEach(async () => {
    await client.end();
    await session[Symbol.asyncDispose]();
    await database.drop();
  });

  const notFolded = () => scalar(session, 'select count(*)::int from tasks where title_folded is null');

  it('given a task that another transaction has locked: waits for it, so that every task gets its text', async () => {
    const id = String(await scalar(session, 'select id from tasks where revision = 7'));
    await using lock = await holdLock(database.url, 'select from tasks where id = $1 for update', [id]);
    let isPrepared = false;
    const preparing = prepareLists(client).then(() => (isPrepared = true));
    await until('the other tasks are folded', async () => (await notFolded()) === 1);
    expect(isPrepared).to.be.false;
    await lock.session.run('rollback');
    await preparing;
    expect(await notFolded()).to.equal(0);

    await session.run('alter table tasks add constraint folded check (title_folded is not null) not valid');
    await using old = await connectFirstEdition(database.url);
    await old.complete('one', id);
  });

  it('given settings of the session: they are the same afterwards, also after a failure', async () => {
    const settings = async () =>
      (
        await client.query<Record<string, unknown>>(
          `select name, setting from pg_settings where source = 'session' or name in
             ('statement_timeout', 'lock_timeout', 'transaction_timeout', 'default_transaction_isolation') order by name`,
        )
      ).rows;
    const before = await settings();
    await prepareLists(client);
    expect(await settings()).to.deep.equal(before);
    await session.run('drop extension pg_trgm cascade');
    await prepareLists(client).catch(() => undefined);
    expect(await settings()).to.deep.equal(before);
  });
});
