import { expect } from 'chai';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { inspectDatabase } from '../../../../src/infrastructure/postgres/inspect-database.ts';
import { openDatabase } from '../../../support/postgres/postgres-repository.ts';
import { freshDatabase, type TestDatabase } from '../../../support/postgres/postgres.ts';
import { connect, type Session } from '../../../support/postgres/sql.ts';
import { rejectionCode } from '../../../support/rejection.ts';
import { anOwner, aQuery, aTask } from '../../../support/tasks/tasks.ts';

describe('the types of the columns', () => {
  let given: TestDatabase;
  let session: Session;
  beforeEach(async () => {
    given = await freshDatabase();
    session = await connect(given.url);
    await session.run('create extension citext');
  });
  afterEach(async () => {
    await session[Symbol.asyncDispose]();
    await given.drop();
  });

  const problems = async (): Promise<readonly string[]> =>
    (await inspectDatabase(given.url)).unmet.map(({ problem }) => problem);

  /** The columns whose collation is not that of the database. */
  const collations = () =>
    session.run(`select table_name, column_name, collation_name from information_schema.columns
      where table_schema = 'public' and collation_name is not null order by 1, 2`);

  const refused: readonly (readonly [column: string, change: string])[] = [
    ['tasks.revision', 'type numeric'],
    ['tasks.revision', 'type smallint'],
    ['tasks.tags', 'type varchar(50)[]'],
    ['tasks.title', 'type char(200)'],
    ['trashed_tasks.title_folded', 'type citext'],
    ['tasks.created_at', 'type timestamp'],
    ['tasks.completed', 'type integer using completed::integer'],
    ['owners.changes_from', 'type text'],
    ['trashed_tasks.priority', 'type numeric'],
    ['tombstones.task_id', 'type text'],
    ['idempotency_keys.answer', 'type json'],
    ['idempotency_keys.fingerprint', `type text using encode(fingerprint, 'hex')`],
  ];
  for (const [name, change] of refused)
    it(`given ${name} ${change}: not ready, and requests are unavailable, until the remedy is run`, async () => {
      const migrated = await collations();
      const [table, column] = name.split('.');
      await session.run(`alter table ${table} alter ${column} drop default, alter ${column} ${change}`);
      await using database = openDatabase(given.url);
      const tasks = postgresTaskRepository(database);
      expect([await database.isReady(), database.problem()]).to.deep.equal([false, 'unprepared']);
      expect(await rejectionCode(tasks.list(anOwner().id, aQuery()))).to.equal('unavailable');

      const found = await problems();
      expect(found).to.have.length(1);
      const [, remedy = ''] = /run: (ALTER TABLE .*)$/.exec(found[0] ?? '') ?? [];
      expect(remedy).to.include(`ALTER TABLE "public".${table} ALTER COLUMN "${column}" TYPE`);
      await session.run(remedy);
      expect(await problems()).to.deep.equal([]);
      expect(await collations()).to.deep.equal(migrated);
    });

  const accepted: readonly (readonly [what: string, change: string])[] = [
    [
      'texts of another type',
      `alter table tasks alter title type varchar(200), alter description type citext, alter due_date type varchar(24);
       alter table owners alter email type citext; alter table idempotency_keys alter key type varchar(255)`,
    ],
    [
      'integers of another size',
      `alter table tasks alter revision type integer, alter priority type bigint;
       alter table owners alter indexing type integer`,
    ],
    [
      'times of another precision',
      'alter table tasks alter created_at type timestamptz, alter updated_at type timestamptz(6)',
    ],
    [
      'a domain',
      `create domain "Short title" as text check (char_length(value) <= 200);
       alter table tasks alter title type "Short title"`,
    ],
    [
      'a column of its own, of any type',
      'alter table tasks add column place point, add column "other title" xml',
    ],
  ];
  for (const [what, change] of accepted)
    it(`given ${what}, with which the statements work: ready, and tasks are written and read`, async () => {
      await session.run(change);
      expect(await problems()).to.deep.equal([]);
      await using database = openDatabase(given.url);
      expect(await database.isReady()).to.be.true;
      const tasks = postgresTaskRepository(database);
      const owner = anOwner();
      const task = await tasks.add(owner, aTask());
      expect((await tasks.list(owner.id, aQuery())).tasks).to.deep.equal([task]);
    });

  it('given views of the tables, which have no keys of their own: ready, and the types are checked', async () => {
    await session.run(`create schema stored; alter table trashed_tasks set schema stored;
      create view trashed_tasks as select * from stored.trashed_tasks`);
    expect(await problems()).to.deep.equal([]);
    await session.run('drop view trashed_tasks');
    const columns = await session.run(
      `select string_agg(case column_name when 'revision' then 'revision::numeric' else quote_ident(column_name) end, ',') as list
       from information_schema.columns where table_schema = 'stored' and table_name = 'trashed_tasks'`,
    );
    await session.run(
      `create view trashed_tasks as select ${String(columns[0]?.['list'])} from stored.trashed_tasks`,
    );
    expect((await problems()).join()).to.include(
      'The table "public".trashed_tasks has a column revision of the type numeric',
    );
  });
});
