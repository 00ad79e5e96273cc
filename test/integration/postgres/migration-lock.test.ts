import { expect } from 'chai';
import { setTimeout as pause } from 'node:timers/promises';
import { MigrationBlockedError } from '../../../src/infrastructure/postgres/migration-blocked-error.ts';
import { defaultLockLimits, type LockLimits } from '../../../src/infrastructure/postgres/migration-lock.ts';
import { runMigrations } from '../../../src/infrastructure/postgres/run-migrations.ts';
import { createFirstEdition } from '../../support/first-edition/create-first-edition.ts';
import { holdLock } from '../../support/postgres/held-lock.ts';
import { emptyDatabase, type TestDatabase } from '../../support/postgres/postgres.ts';
import { connect, query } from '../../support/postgres/sql.ts';
import { rejection } from '../../support/rejection.ts';
import { timed, until } from '../../support/until.ts';
import { pendingMigrations } from '../../support/first-edition/pending-migrations.ts';

const short: LockLimits = { lockTimeoutMs: 200, minPauseMs: 100, maxPauseMs: 200, giveUpAfterMs: 1_000 };
const advisoryLock = 'select pg_advisory_lock(7241865325823964)';
const readTasks = 'select count(*) from tasks';

describe('runMigrations on a database in use', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await emptyDatabase();
    await createFirstEdition(database.url);
  });
  afterEach(() => database.drop());

  const columnsOfTasks = async (): Promise<number> =>
    (
      await query(
        database.url,
        `select 1 from pg_attribute where attrelid = 'tasks'::regclass and attnum > 0`,
      )
    ).length;
  const recorded = async (): Promise<unknown[]> =>
    (await query(database.url, 'select name from migrations order by id')).map((row) => row['name']);

  /** Reads `tasks` until the promise is settled, and returns the longest duration of a read, in milliseconds. */
  const longestReadDuring = async (work: Promise<unknown>): Promise<number> => {
    await using session = await connect(database.url);
    const over = new AbortController();
    const end = () => over.abort();
    work.then(end, end);
    let longest = 0;
    while (!over.signal.aborted) {
      const [, milliseconds] = await timed(() => session.run(readTasks));
      longest = Math.max(longest, milliseconds);
      await pause(5);
    }
    return longest;
  };

  it('given a transaction that reads tasks for 2 s: migrated after it, and other statements wait half a second at most', async () => {
    await using report = await holdLock(database.url, readTasks, []);
    const [[{ migrations }, longest], duration] = await timed(async () => {
      const migrated = runMigrations(database.url);
      const reading = longestReadDuring(migrated);
      await pause(2_000);
      await report.session.run('commit');
      return Promise.all([migrated, reading]);
    });
    expect(migrations).to.deep.equal(pendingMigrations);
    expect(duration).to.be.within(2_000, 6_000);
    expect(longest, 'a read waited behind the migration').to.be.above(200);
    expect(longest).to.be.below(550);
  });

  it('given a transaction that never ends: fails with what holds the lock, and nothing is changed', async () => {
    const before = await columnsOfTasks();
    const named = new URL(database.url);
    named.searchParams.set('application_name', 'nightly report');
    await using report = await holdLock(named.href, readTasks, []);
    const [pid] = await report.session.run('select pg_backend_pid() as pid');
    const [error, duration] = await timed(() => rejection(runMigrations(database.url, undefined, short)));
    expect(error).to.be.instanceOf(MigrationBlockedError);
    expect(String(error)).to.match(
      new RegExp(
        `^MigrationBlockedError: For 1 s other transactions .* The pending migrations were not run\\. The oldest of them: pid ${String(pid?.['pid'])}, application_name nightly report, open for [1-3] s\\. .*pg_terminate_backend`,
      ),
    );
    expect(duration).to.be.within(1_000, 2_500);
    expect(await recorded()).to.deep.equal(['0001_owners_and_tasks']);
    expect(await columnsOfTasks()).to.equal(before);
    await report.session.run('rollback');
    expect((await runMigrations(database.url)).migrations).to.deep.equal(pendingMigrations);
  });

  it('given two instances while a lock is held: migrated once, and both succeed', async () => {
    await using report = await holdLock(database.url, readTasks, []);
    const limits = { ...short, giveUpAfterMs: 10_000 };
    const runs = Promise.all([1, 2].map(() => runMigrations(database.url, undefined, limits)));
    await pause(1_000);
    await report.session.run('commit');
    expect((await runs).flatMap(({ migrations }) => migrations)).to.deep.equal(pendingMigrations);
    expect(await recorded()).to.deep.equal(['0001_owners_and_tasks', ...pendingMigrations]);
  });

  it('given another instance that migrates for longer than all limits: waited for', async () => {
    const limited = new URL(database.url);
    const timeouts = ['lock_timeout', 'statement_timeout', 'idle_session_timeout'];
    const options = timeouts.map((name) => `-c%20${name}=50`).join('%20');
    limited.search += `${limited.search === '' ? '?' : '&'}options=${options}`;
    await using other = await holdLock(database.url, advisoryLock, []);
    const run = runMigrations(limited.href, undefined, { ...short, giveUpAfterMs: 100 });
    const tries = async (): Promise<boolean> => {
      const text = `select from pg_stat_activity where datname = current_database() and query like '%try_advisory_lock%'
        and pid <> pg_backend_pid()`;
      return (await query(database.url, text)).length === 1;
    };
    await until('the other instance tries to get the lock', tries);
    await pause(700);
    expect(await tries()).to.be.true;
    await other.session.run('select pg_advisory_unlock_all()');
    expect((await run).migrations).to.deep.equal(pendingMigrations);
  });

  it('given an error that is no lock timeout: not tried again, and nothing is changed', async () => {
    await query(database.url, 'alter table tasks add column due_date date');
    const [error, duration] = await timed(() => rejection(runMigrations(database.url)));
    expect(error).to.include({ code: '42701' });
    expect(duration).to.be.below(defaultLockLimits.minPauseMs * 0.75);
    expect(await recorded()).to.deep.equal(['0001_owners_and_tasks']);
  });
});
