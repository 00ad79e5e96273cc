import { expect } from 'chai';
import { setTimeout as pause } from 'node:timers/promises';
import { runMigrations } from '../../src/infrastructure/postgres/run-migrations.ts';
import { numbers } from '../support/in-batches.ts';
import { holdLock } from '../support/postgres/held-lock.ts';
import { connect, scalar } from '../support/postgres/sql.ts';
import { timed, until } from '../support/until.ts';
import { startFirstEdition, type FirstEdition } from './clients/first-edition.ts';
import { createServiceUser } from './clients/service-user.ts';
import {
  createLargeDatabases,
  largeUser,
  taskCount,
  type LargeDatabase,
} from './processes/large-database.ts';
import { startPostgresProcess } from './processes/postgres-process.ts';
import { startServiceProcess, type ServiceProcess } from './processes/service-process.ts';
import { watchMigration } from './processes/watch-migration.ts';
import { toTable } from './table.ts';
import { pendingMigrations } from '../support/first-edition/pending-migrations.ts';

/** The longest that the migration may delay a write, beyond what a write took before it on this machine, in milliseconds. */
const longestPauseMs = 500;
const connections = 8;

interface Row {
  readonly upgrade: string;
  readonly statements: number;
  readonly requests: number;
  readonly 'longest write before (ms)': number;
  readonly 'longest write (ms)': number;
  readonly 'longest read (ms)': number;
  readonly 'slowest response (ms)': number;
  readonly 'migration (s)': number;
  readonly 'text (s)': number;
  readonly 'indexes (s)': number;
  readonly 'table (MB)': string;
  readonly 'all indexes (MB)': string;
}

/** Part of `npm run test:faults`: a large table is migrated while statements of the first edition use it. */
describe(`upgrade of the first edition with ${taskCount} tasks`, function () {
  this.timeout(900_000);
  const opened = new AsyncDisposableStack();
  const rows: Row[] = [];
  let copyOf: (name: string) => Promise<LargeDatabase>;

  before(async function () {
    if (process.platform !== 'linux') {
      console.log('Skipped: upgrades (need Linux, because processes are found through /proc).');
      this.skip();
    }
    copyOf = await createLargeDatabases(opened.use(await startPostgresProcess()));
  });
  after(async () => {
    await opened.disposeAsync();
    console.log(`\n${toTable(rows)}\n`);
  });

  /** Migrates under load, and then runs the service beside the statements of the first edition. */
  const upgrade = async (
    name: string,
    { url, superuserUrl }: LargeDatabase,
    migrate: () => Promise<readonly string[]>,
  ): Promise<void> => {
    await using undo = new AsyncDisposableStack();
    const team: FirstEdition[] = [];
    const stopTeam = () => Promise.all(team.map((one) => one.stop()));
    undo.defer(async () => {
      await stopTeam();
    });
    for (const user of [largeUser, ...numbers(connections - 1).map((n) => `user-${n}`)])
      team.push(await startFirstEdition(url, user));
    await pause(2_000);

    const migrationAt = performance.now();
    const [migration, migrationMs] = await timed(() => watchMigration(superuserUrl, migrate));
    expect(migration.names).to.deep.equal(pendingMigrations);
    const service = undo.use(await startServiceProcess({ DATABASE_URL: url }));
    const requests = await useService(service, team, stopTeam);

    const answered = team.flatMap((one) => one.answered);
    const longest = (isWrite: boolean, isBefore: boolean): number =>
      Math.round(
        Math.max(
          ...answered
            .filter((one) => one.isWrite === isWrite && one.endedAt < migrationAt === isBefore)
            .map(({ milliseconds }) => milliseconds),
        ),
      );
    const row: Row = {
      upgrade: name,
      statements: answered.length,
      requests: requests.length,
      'longest write before (ms)': longest(true, true),
      'longest write (ms)': longest(true, false),
      'longest read (ms)': longest(false, false),
      'slowest response (ms)': Math.round(Math.max(...requests)),
      'migration (s)': Math.round(migrationMs / 1_000),
      'text (s)': Math.round(migration.foldSeconds),
      'indexes (s)': Math.round(migration.indexSeconds),
      'table (MB)': migration.tableMegabytes.join(' to '),
      'all indexes (MB)': migration.indexMegabytes.join(' to '),
    };
    rows.push(row);
    expect(team.flatMap(({ failures }) => failures).slice(0, 5), 'failed statements').to.deep.equal([]);
    expect(service.errorLines()).to.deep.equal([]);
    expect(row.statements).to.be.above(1_000);
    const delayMs = row['longest write (ms)'] - row['longest write before (ms)'];
    expect(delayMs).to.be.below(longestPauseMs);
  };

  it('given no other transaction: no statement and no request fails, and no write waits for half a second', async () => {
    await using database = await copyOf('upgraded');
    await upgrade(
      'no other transaction',
      database,
      async () => (await runMigrations(database.ownerUrl)).migrations,
    );
  });

  it('given a report that reads all tasks for 3 s: the same', async () => {
    await using database = await copyOf('upgraded_beside_a_report');
    await using report = await holdLock(database.ownerUrl, 'select count(*) from tasks', []);
    await upgrade('a report that takes 3 s more', database, async () => {
      const migrated = runMigrations(database.ownerUrl);
      await pause(3_000);
      await report.session.run('commit');
      return (await migrated).migrations;
    });
  });

  it('given an autovacuum of the tasks, and a role that may cancel it: the same', async () => {
    await using database = await copyOf('upgraded_beside_a_vacuum');
    await using session = await connect(database.superuserUrl);
    await session.run(`alter system set autovacuum_naptime = '1s'`);
    await session.run('select pg_reload_conf()');
    // Thousands of pages, so that a slow autovacuum of them takes minutes.
    await session.run(
      `update tasks set completed = not completed where owner_id between 'user-100' and 'user-101'`,
    );
    await session.run(
      `alter table tasks set (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0,
        autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)`,
    );
    const running = `select count(*)::int from pg_stat_progress_vacuum where relid = 'tasks'::regclass`;
    await upgrade('an autovacuum of the tasks', database, async () => {
      await until('an autovacuum runs', async () => (await scalar(session, running)) === 1, 30_000);
      return (await runMigrations(database.superuserUrl)).migrations;
    });
  });
});

/**
 * Users of the service, who are also those of the statements, for 5 s. Stops the statements, and checks that the service reads
 * what they wrote. Returns the durations of the requests, in milliseconds.
 */
const useService = async (
  { port }: ServiceProcess,
  team: readonly FirstEdition[],
  stopTeam: () => Promise<unknown>,
): Promise<readonly number[]> => {
  const users = await Promise.all(
    team.slice(0, 4).map(async (old) => ({ old, user: await createServiceUser(port, old.user) })),
  );
  try {
    const fields = { priority: 'high', due_date: '2030-01-31', tags: ['kept'] };
    const created = await Promise.all(users.map(({ user }) => user.create({ title: 'Both', ...fields })));
    for (const [n, { old }] of users.entries()) old.completeNext(created[n] ?? '');
    const working = Promise.all(users.map(({ user }) => user.work()));
    await pause(5_000);
    for (const { user } of users) user.stop();
    await working;
    await stopTeam();

    for (const [n, { old, user }] of users.entries()) {
      expect(await user.read(created[n] ?? ''), 'completed by an old statement').to.deep.include({
        ...fields,
        completed: true,
      });
      expect(old.written).not.to.be.empty;
      expect(await user.search('BY THE FIRST'), 'found by search').to.include.members(old.written.slice(-5));
      for (const id of old.written.slice(-5))
        expect(await user.read(id), 'created by an old statement').to.deep.include({
          title: 'Written by the first edition',
          description: null,
          priority: 'medium',
          due_date: null,
          tags: [],
        });
    }
    expect(users.flatMap(({ user }) => user.failures).slice(0, 5), 'failed requests').to.deep.equal([]);
    return users.flatMap(({ user }) => user.durationsMs);
  } finally {
    for (const { user } of users) user.close();
  }
};
