import { expect } from 'chai';
import { buildListIndexes } from '../../../../src/infrastructure/postgres/maintenance/list-indexes.ts';
import type { Run } from '../../../../src/infrastructure/postgres/requirements/facts.ts';
import { runMigrations } from '../../../../src/infrastructure/postgres/run-migrations.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { holdLock } from '../../../support/postgres/held-lock.ts';
import { emptyDatabase } from '../../../support/postgres/postgres.ts';
import {
  openDatabase,
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { connect, query, type Session } from '../../../support/postgres/sql.ts';
import { rejection } from '../../../support/rejection.ts';
import { anOwner, aQuery, aTask, searchText, title } from '../../../support/tasks/tasks.ts';

const names = [
  'tasks_by_due_date',
  'tasks_by_priority',
  'tasks_by_revision',
  'tasks_by_status_newest_first',
  'tasks_by_text_and_tags',
  'tasks_by_title',
  'tasks_by_update',
  'tasks_newest_first',
  'tasks_not_folded',
];

describe('buildListIndexes', () => {
  let subject: PostgresRepository;
  let session: Session;
  let statements: string[];
  beforeEach(async () => {
    subject = await postgresRepository({}, { direct: true });
    session = await connect(subject.url);
    statements = [];
  });
  afterEach(async () => {
    await session[Symbol.asyncDispose]();
    await subject.close();
  });

  const run: Run = (statement) => {
    statements.push(statement.sql);
    return subject.database.write(statement);
  };
  const changes = () => statements.filter((text) => !text.trim().startsWith('SELECT'));
  const indexes = async () =>
    (
      await session.run(
        `select relname::text as name, oid::int, indisvalid as "isValid", pg_get_indexdef(oid) as definition
         from pg_index join pg_class on oid = indexrelid
         where indrelid = 'tasks'::regclass and relname = any ($1) order by 1`,
        [names],
      )
    ).map(({ name, oid, isValid, definition }) => ({ name, oid, isValid, definition }));

  it('given a migrated database: builds nothing', async () => {
    const before = await indexes();
    expect(before.map(({ name, isValid }) => ({ name, isValid }))).to.deep.equal(
      names.map((name) => ({ name, isValid: true })),
    );
    await buildListIndexes(run);
    expect(changes()).to.deep.equal([]);
    expect(await indexes()).to.deep.equal(before);
  });

  it('given missing indexes: builds these, as they were, and only tasks of indexed users are in those of lists', async () => {
    const before = await indexes();
    const dropped = [
      'tasks_newest_first',
      'tasks_by_status_newest_first',
      'tasks_not_folded',
      'tasks_by_title',
    ];
    for (const name of dropped) await session.run(`drop index ${name}`);
    await buildListIndexes(run);
    expect(changes().map((text) => /INDEX CONCURRENTLY "(\w+)"/.exec(text)?.[1])).to.deep.equal(dropped);
    const after = await indexes();
    const definitions = (found: typeof before) => found.map(({ name, definition }) => ({ name, definition }));
    expect(definitions(after)).to.deep.equal(definitions(before));
    for (const { name, definition } of after)
      expect(definition).to.match(
        name === 'tasks_not_folded'
          ? /WHERE \(text_revision IS NULL\)$/
          : String(name).endsWith('newest_first')
            ? /id DESC\)$/
            : /WHERE is_indexed$/,
      );
  });

  it('given all migrations ran, and a missing index: the next run of the migrations builds it', async () => {
    const before = await indexes();
    await session.run('drop index tasks_by_revision');
    expect(await runMigrations(subject.url)).to.deep.equal({
      migrations: [],
      indexes: ['tasks_by_revision'],
    });
    expect((await indexes()).map(({ name }) => name)).to.deep.equal(before.map(({ name }) => name));
  });

  it('given an index that is not valid: builds it anew', async () => {
    const before = await indexes();
    await session.run(
      `update pg_index set indisvalid = false where indexrelid = 'tasks_by_text_and_tags'::regclass`,
    );
    await buildListIndexes(run);
    const after = await indexes();
    expect(after.map(({ isValid }) => isValid)).to.deep.equal(names.map(() => true));
    const changed = after.filter(({ oid }, n) => oid !== before[n]?.oid);
    expect(changed.map(({ name }) => name)).to.deep.equal(['tasks_by_text_and_tags']);
  });

  it('given a build that is cancelled while it waits: writes went on meanwhile, and the next call builds the index', async () => {
    await session.run('drop index tasks_by_update');
    {
      await using report = await holdLock(subject.url, 'set transaction isolation level repeatable read', []);
      await report.session.run('select 1'); // the snapshot, for which the build waits
      const building = rejection(buildListIndexes(run));
      await report.waitedForBy(1);
      await subject.tasks.add(anOwner(), aTask());
      await session.run(
        `select pg_cancel_backend(pid) from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'`,
      );
      await building;
    }
    expect((await indexes()).filter(({ isValid }) => isValid !== true)).to.have.length(1);
    await buildListIndexes(run);
    expect((await indexes()).map(({ isValid }) => isValid)).to.deep.equal(names.map(() => true));
  });

  it('given a database without the extension: fails with its name', async () => {
    await session.run('drop extension pg_trgm cascade');
    expect(String(await rejection(buildListIndexes(run)))).to.include('The extension pg_trgm is missing');
  });

  it('given extensions in a schema that the search path does not name: migrated, and search works', async () => {
    const { url, drop } = await emptyDatabase();
    try {
      await query(url, 'create schema "My extensions"');
      for (const name of ['pg_trgm', 'btree_gin'])
        await query(url, `create extension ${name} schema "My extensions"`);
      await runMigrations(url);
      const built = await query(
        url,
        `select count(*)::int from pg_index where indisvalid and indrelid = 'tasks'::regclass and indexrelid::regclass::text = any ($1)`,
        [names],
      );
      expect(built).to.deep.equal([{ count: names.length }]);
      await using database = openDatabase(url);
      const tasks = postgresTaskRepository(database);
      const user = anOwner();
      const task = await tasks.add(user, aTask({ title: title('Buy MILK') }));
      await query(url, 'update owners set indexing = 2');
      await query(url, 'update tasks set is_indexed = true');
      expect((await tasks.list(user.id, aQuery({ search: searchText('milk') }))).tasks).to.deep.equal([task]);
    } finally {
      await drop();
    }
  });
});
