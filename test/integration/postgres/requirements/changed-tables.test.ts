import { expect } from 'chai';
import type { Observation } from '../../../../src/application/ports/observer.ts';
import { createTaskRepository } from '../../../../src/bootstrap/adapters/create-task-repository.ts';
import type { Database } from '../../../../src/infrastructure/postgres/client/database.ts';
import { inspectDatabase } from '../../../../src/infrastructure/postgres/inspect-database.ts';
import { runMigrations } from '../../../../src/infrastructure/postgres/run-migrations.ts';
import { UnmetRequirementsError } from '../../../../src/infrastructure/postgres/requirements/unmet-error.ts';
import { openDatabase } from '../../../support/postgres/postgres-repository.ts';
import { freshDatabase, type TestDatabase } from '../../../support/postgres/postgres.ts';
import { connect, query, type Session } from '../../../support/postgres/sql.ts';
import { rejection, rejectionCode } from '../../../support/rejection.ts';
import { anOwner, aQuery, aTask, title } from '../../../support/tasks/tasks.ts';
import { until } from '../../../support/until.ts';

describe('tables that are changed while the service runs', () => {
  let given: TestDatabase;
  let owner: Session; // owns the tables
  let role: string;
  let url: string;
  let observations: Observation[];
  beforeEach(async () => {
    given = await freshDatabase();
    owner = await connect(given.url);
    role = `${new URL(given.url).pathname.slice(1)}-role`;
    await owner.run(`create role "${role}" login password 'pw'`);
    await owner.run(`grant select on migrations to "${role}"`);
    await owner.run(
      `grant select, insert, update, delete on owners, tasks, trashed_tasks, tombstones, idempotency_keys to "${role}"`,
    );
    const changed = new URL(given.url);
    [changed.username, changed.password] = [role, 'pw'];
    url = changed.href;
    observations = [];
  });
  afterEach(async () => {
    await owner.run(`drop owned by "${role}"`);
    await owner.run(`drop role "${role}"`);
    await owner[Symbol.asyncDispose]();
    await given.drop();
  });

  const open = (options: { readonly preparedStatements?: boolean } = {}): Database =>
    openDatabase(url, { ...options, observe: (one) => void observations.push(one) });
  const cachedTasks = (database: Database) =>
    createTaskRepository({ cacheMaxUsers: 100, hasTrash: true }, database, () => undefined);
  const problems = async (): Promise<string> =>
    (await inspectDatabase(url)).unmet.map(({ problem }) => problem).join('\n');
  const reasons = (): readonly unknown[] =>
    observations.flatMap((one) => (one.type === 'database_error' ? [one.reason] : []));
  const lastMessage = (): unknown =>
    observations.flatMap((one) =>
      one.type === 'database_error' && one.error instanceof Error ? [one.error.message] : [],
    )[0];

  for (const table of ['tasks', 'owners'])
    it(`given row-level security on ${table}: unavailable and not ready, never an empty list`, async () => {
      await using database = open();
      const tasks = cachedTasks(database);
      const user = anOwner();
      const task = await tasks.add(user, aTask());
      await owner.run(`alter table ${table} enable row level security`);
      expect(await rejectionCode(tasks.list(user.id, aQuery()))).to.equal('unavailable');
      expect(await rejectionCode(tasks.add(user, aTask()))).to.equal('unavailable');
      expect(await database.isReady()).to.be.false;
      expect(new Set(reasons())).to.deep.equal(new Set(['unprepared']));
      expect(lastMessage())
        .to.include(`run: ALTER TABLE "public".${table} DISABLE ROW LEVEL SECURITY`)
        .and.include(`ALTER ROLE "${role}" BYPASSRLS`);
      expect(await problems()).to.equal(lastMessage());
      await owner.run(`alter table ${table} disable row level security`);
      await until('the database is ready', () => database.isReady());
      expect((await tasks.list(user.id, aQuery())).tasks).to.deep.equal([task]);
    });

  it('given a pooler and row-level security: an empty list is not kept after it is found', async () => {
    await using database = open({ preparedStatements: false });
    const tasks = cachedTasks(database);
    const user = anOwner();
    const task = await tasks.add(user, aTask());
    await owner.run('alter table tasks enable row level security');
    expect((await tasks.list(user.id, aQuery())).tasks).to.deep.equal([]); // PostgreSQL reports nothing
    expect(await database.isReady()).to.be.false;
    await owner.run('alter table tasks disable row level security');
    await until('the database is ready', () => database.isReady());
    expect((await tasks.list(user.id, aQuery())).tasks).to.deep.equal([task]);
  });

  it('given row-level security on the record of migrations: named, and nothing is migrated', async () => {
    await owner.run('alter table migrations enable row level security');
    expect(await problems()).to.match(/^Row-level security.* on the table migrations/);
    expect(await rejection(runMigrations(url)))
      .to.be.instanceOf(UnmetRequirementsError)
      .with.property('message')
      .that.includes('ALTER TABLE "public".migrations DISABLE ROW LEVEL SECURITY');
  });

  it('given row-level security that does not apply to the role: ready', async () => {
    await owner.run('alter table tasks enable row level security');
    await owner.run(`alter role "${role}" bypassrls`);
    await using database = open();
    expect(await database.isReady()).to.be.true;
  });

  const changes: readonly (readonly [what: string, change: string, message: string])[] = [
    [
      'a renamed column',
      'alter table tasks rename column description to descr',
      '"public".tasks has no column description',
    ],
    [
      'a dropped column of owners',
      'alter table owners drop column email',
      '"public".owners has no column email',
    ],
    [
      'a foreign column that is NOT NULL without a default',
      'alter table tasks add column "Extra" int not null',
      'ALTER TABLE "public".tasks ALTER COLUMN "Extra" DROP NOT NULL',
    ],
  ];
  for (const [what, change, message] of changes)
    it(`given ${what}: unavailable and not ready, and the column is named`, async () => {
      await using database = open();
      const tasks = cachedTasks(database);
      expect(await database.isReady()).to.be.true;
      await owner.run(change);
      if (!change.includes('not null'))
        expect(await rejectionCode(tasks.add(anOwner(), aTask()))).to.equal('unavailable');
      expect(await database.isReady()).to.be.false;
      expect(await rejectionCode(tasks.add(anOwner(), aTask()))).to.equal('unavailable');
      expect(new Set(reasons())).to.deep.equal(new Set(['unprepared']));
      expect(lastMessage()).to.include(message);
    });

  it('given foreign columns with a default, generated, or with nulls: ready, and writes work', async () => {
    await owner.run(`alter table tasks add column a int, add column b int not null default 1,
      add column c int generated always as identity, add column d int generated always as (1) stored`);
    await using database = open();
    expect(await database.isReady()).to.be.true;
    expect(await cachedTasks(database).add(anOwner(), aTask())).to.include({ revision: 1 });
  });

  const trigger = (code: string, message: string) => `
    create function refuse() returns trigger language plpgsql as $$
      begin raise exception '${message}' using errcode = '${code}'; end $$;
    create trigger refuse before insert on tasks for each row when (new.title = 'refuse') execute function refuse()`;

  for (const code of ['42501', '42P01', '42703'])
    it(`given a trigger that fails with ${code}, which no requirement shows: unavailable, with its message`, async () => {
      await owner.run(trigger(code, 'no access'));
      await using database = open();
      const tasks = cachedTasks(database);
      expect(await rejectionCode(tasks.add(anOwner(), aTask({ title: title('refuse') })))).to.equal(
        'unavailable',
      );
      expect(reasons()).to.deep.equal(['unprepared']);
      expect(lastMessage()).to.equal('PostgreSQL refused a statement: no access');
      expect(await tasks.add(anOwner(), aTask())).to.include({ revision: 1 });
    });

  for (const code of ['P0001', '23502', '22001'])
    it(`given a trigger that refuses a write with ${code}: an observation of it, and other writes work`, async () => {
      await owner.run(trigger(code, 'not allowed'));
      await using database = open();
      const tasks = cachedTasks(database);
      const users = Array.from({ length: 8 }, () => anOwner());
      for (const user of users) await tasks.add(user, aTask());
      const results = await Promise.allSettled(
        users.map((user, n) => tasks.add(user, n === 5 ? aTask({ title: title('refuse') }) : aTask())),
      );
      expect(results.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))).to.deep.equal([5]);
      expect(new Set(reasons())).to.deep.equal(new Set(['write_refused']));
      expect(await database.isReady()).to.be.true;
    });

  for (const schema of ['pg_catalog', 'pg_temp', 'information_schema'])
    it(`given ${schema} as the first schema: unusable, with what to do, and nothing is migrated`, async () => {
      const changed = new URL(given.url);
      changed.searchParams.set('options', `-csearch_path=${schema},public`);
      const { unmet } = await inspectDatabase(changed.href);
      expect(unmet).to.have.length(1);
      expect(unmet[0]?.severity).to.equal('unusable');
      expect(unmet[0]?.problem).to.include(`names ${schema} first`).and.include('SET search_path');
      expect(await rejection(runMigrations(changed.href))).to.be.instanceOf(UnmetRequirementsError);
    });

  it('given names that have to be quoted: the SQL of every remedy runs', async () => {
    await owner.run(
      `create schema "My schema"; grant create on database "${new URL(given.url).pathname.slice(1)}" to "${role}"`,
    );
    const changed = new URL(url);
    changed.search = `?options=${encodeURIComponent('-csearch_path="My\\ schema"')}`;
    url = changed.href;
    const remedy = async (): Promise<string> => {
      const message = String(await rejection(runMigrations(url)));
      const statement = /(?:run: |, or )(GRANT .*)$/.exec(message)?.[1];
      if (statement === undefined) throw new Error(message);
      return statement;
    };
    await owner.run(await remedy()); // USAGE
    await owner.run(await remedy()); // CREATE
    await runMigrations(url);
    await query(url, `alter table "My schema".tasks add column "a b" int not null`);
    await query(url, `revoke delete on "My schema".tasks from "${role}"`);
    for (const problem of (await problems()).split('\n')) {
      const statement = /run: (.*?)(?:, or set a default)?$/.exec(problem)?.[1] ?? problem;
      await query(url, statement);
    }
    expect(await problems()).to.equal('');
  });
});
