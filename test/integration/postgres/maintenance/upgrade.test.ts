import { expect } from 'chai';
import { fold } from '../../../../src/domain/fold.ts';
import { runMigrations } from '../../../../src/infrastructure/postgres/run-migrations.ts';
import { connectFirstEdition } from '../../../support/first-edition/connect-first-edition.ts';
import { createFirstEdition } from '../../../support/first-edition/create-first-edition.ts';
import { fillFirstEdition } from '../../../support/first-edition/fill-first-edition.ts';
import { numbers } from '../../../support/in-batches.ts';
import { holdLock } from '../../../support/postgres/held-lock.ts';
import { emptyDatabase, type TestDatabase } from '../../../support/postgres/postgres.ts';
import { connect, scalar, type Session } from '../../../support/postgres/sql.ts';
import { rejection } from '../../../support/rejection.ts';
import { until } from '../../../support/until.ts';
import { pendingMigrations } from '../../../support/first-edition/pending-migrations.ts';

const indexes = [
  'tasks_by_due_date',
  'tasks_by_priority',
  'tasks_by_revision',
  'tasks_by_text_and_tags',
  'tasks_by_title',
  'tasks_by_update',
  'tasks_not_folded',
];

describe('runMigrations on tasks of the first edition', () => {
  let database: TestDatabase;
  let session: Session;
  beforeEach(async () => {
    database = await emptyDatabase();
    await createFirstEdition(database.url);
    await fillFirstEdition(database.url, [
      ...numbers(200).map((n) => ({ user: `user-${n}`, tasks: 10 })),
      { user: 'large', tasks: 6_000 },
    ]);
    session = await connect(database.url);
  });
  afterEach(async () => {
    await session[Symbol.asyncDispose]();
    await database.drop();
  });

  const recorded = async (): Promise<unknown[]> =>
    (await session.run('select name from migrations order by id')).map(({ name }) => name);
  const count = (condition: string) => scalar(session, `select count(*)::int from tasks where ${condition}`);
  const contents = () =>
    session.run(
      `select owner_id, id, title, description, completed, created_at, updated_at, revision from tasks order by owner_id, id`,
    );
  const migration = `select pid from pg_stat_activity
    where datname = current_database() and application_name = 'migration-of-this-test'`;
  const url = (): string => {
    const named = new URL(database.url);
    named.searchParams.set('application_name', 'migration-of-this-test');
    return named.href;
  };
  const interrupt = () => session.run(`select pg_terminate_backend(pid) from (${migration}) as migration`);

  /** Every row has its exact folded text, the large list is indexed, and all indexes can be used. */
  const expectPrepared = async (): Promise<void> => {
    const rows = await session.run('select title, description, title_folded, description_folded from tasks');
    const foldOf = (text: unknown) => (typeof text === 'string' ? fold(text) : null);
    for (const row of rows) {
      expect(row['title_folded']).to.equal(foldOf(row['title']));
      expect(row['description_folded']).to.equal(foldOf(row['description']));
    }
    expect(await count('text_revision is distinct from revision')).to.equal(0);
    expect(await count(`is_indexed is distinct from (owner_id = 'large')`)).to.equal(0);
    expect(
      await session.run(`select id, indexing from owners where id in ('large', 'user-7') order by id`),
    ).to.deep.equal([
      { id: 'large', indexing: 2 },
      { id: 'user-7', indexing: 0 },
    ]);
    const found = await session.run(
      `select relname::text as name, indisvalid as "isValid" from pg_index join pg_class on oid = indexrelid
       where indrelid = 'tasks'::regclass and relname = any ($1) order by 1`,
      [indexes],
    );
    expect(found).to.deep.equal(indexes.map((name) => ({ name, isValid: true })));
  };

  it('given nothing else: every text is folded, the large list is indexed, and no task is changed', async () => {
    const before = await contents();
    expect((await runMigrations(database.url)).migrations).to.deep.equal(pendingMigrations);
    await expectPrepared();
    expect(await contents()).to.deep.equal(before);
    expect((await runMigrations(database.url)).migrations).to.deep.equal([]);
  });

  it('given an interruption while text is folded: the older version works, and the next run goes on', async () => {
    await session.run(
      `create function pause_batch() returns trigger language plpgsql as
       $$ begin perform pg_sleep(0.2); return null; end $$`,
    );
    await session.run(
      'create trigger pause_batch before update on tasks for each statement execute function pause_batch()',
    );
    const run = rejection(runMigrations(url()));
    const isBegun = async () => Number(await count('title_folded is not null').catch(() => 0)) > 0;
    await until('some rows are folded', isBegun);
    await interrupt();
    await run;
    await session.run('drop function pause_batch cascade');
    expect(await count('title_folded is null')).to.be.above(0);
    expect(await recorded()).to.deep.equal(['0001_owners_and_tasks', ...pendingMigrations.slice(0, 3)]);
    {
      await using old = await connectFirstEdition(database.url);
      const id = await old.insert('user-1', {});
      await old.complete('user-1', id);
      await old.delete('user-1', id);
    }
    expect((await runMigrations(database.url)).migrations).to.deep.equal(pendingMigrations.slice(3));
    await expectPrepared();
  });

  it('given an interruption while an index is built: the next run builds it anew', async () => {
    {
      await using report = await holdLock(
        database.url,
        'set transaction isolation level repeatable read',
        [],
      );
      await report.session.run('select 1'); // the snapshot, for which the build waits
      const run = rejection(runMigrations(url()));
      await until('the build waits for the report', async () => {
        const waits = `${migration} and wait_event_type = 'Lock' and query like '%CREATE INDEX%'`;
        return (await session.run(waits)).length === 1;
      });
      await interrupt();
      await run;
    }
    const invalid = 'select count(*)::int from pg_index where not indisvalid';
    expect(await scalar(session, invalid)).to.equal(1);
    expect((await runMigrations(database.url)).migrations).to.deep.equal(pendingMigrations.slice(3));
    await expectPrepared();
  });

  it('given two instances: one migrates, the other one waits', async () => {
    const runs = await Promise.all([1, 2].map(() => runMigrations(database.url)));
    const migrations = runs.map((run) => run.migrations);
    expect(migrations.toSorted((a, b) => a.length - b.length)).to.deep.equal([[], pendingMigrations]);
    await expectPrepared();
  });

  it('given a database whose timeouts are 20 ms, and serializable: migrated', async () => {
    const name = new URL(database.url).pathname.slice(1);
    const version = Number(await scalar(session, 'show server_version_num'));
    for (const setting of [
      'statement_timeout = 20',
      'lock_timeout = 20',
      ...(version < 170_000 ? [] : ['transaction_timeout = 2000']),
      `default_transaction_isolation = 'serializable'`,
    ])
      await session.run(`alter database ${name} set ${setting}`);
    expect((await runMigrations(database.url)).migrations).to.deep.equal(pendingMigrations);
    await expectPrepared();
  });

  it('given an older version that writes text without a pause: the migration ends, and its text is found', async () => {
    await using stack = new AsyncDisposableStack();
    const stopping = new AbortController();
    const write = async (n: number): Promise<void> => {
      const old = stack.use(await connectFirstEdition(database.url));
      while (!stopping.signal.aborted) await old.insert(`user-${n}`, { title: 'Written Meanwhile' });
    };
    const writing = Promise.all(numbers(3).map(write));
    try {
      expect((await runMigrations(database.url)).migrations).to.deep.equal(pendingMigrations);
    } finally {
      stopping.abort();
      await writing;
    }
    expect(await count(`title = 'Written Meanwhile'`)).to.be.above(0);
    expect(await count(`title = 'Written Meanwhile' and title_folded <> 'written meanwhile'`)).to.equal(0);
  });
});
