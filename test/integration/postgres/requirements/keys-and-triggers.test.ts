import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { inspectDatabase } from '../../../../src/infrastructure/postgres/inspect-database.ts';
import { migrationsDirectory } from '../../../../src/infrastructure/postgres/requirements/migration-files.ts';
import { openDatabase } from '../../../support/postgres/postgres-repository.ts';
import { freshDatabase, type TestDatabase } from '../../../support/postgres/postgres.ts';
import { connect, type Session } from '../../../support/postgres/sql.ts';
import { runMain } from '../../../support/processes/main-program.ts';
import { rejectionCode } from '../../../support/rejection.ts';
import { anOwner, aTask } from '../../../support/tasks/tasks.ts';

describe('the keys, triggers and functions of the tables', () => {
  let given: TestDatabase;
  let session: Session;
  beforeEach(async () => {
    given = await freshDatabase();
    session = await connect(given.url);
  });
  afterEach(async () => {
    await session[Symbol.asyncDispose]();
    await given.drop();
  });

  const tables = ['owners', 'tasks', 'trashed_tasks', 'tombstones', 'idempotency_keys'];
  const triggers = [
    'tasks_inserted_by_older_version',
    'tasks_changed_by_older_version',
    'tasks_deleted_by_others',
  ];

  const problems = async (): Promise<readonly string[]> =>
    (await inspectDatabase(given.url)).unmet.map(({ problem }) => problem);

  const isReady = async (): Promise<readonly [boolean, string | null]> => {
    await using database = openDatabase(given.url);
    return [await database.isReady(), database.problem()];
  };

  /** Drops the keys of all tables, of these types of `pg_constraint`. */
  const dropKeys = (types: string) =>
    session.run(`do $$ declare command text; begin
      for command in
        select format('alter table %s drop constraint %I cascade', conrelid::regclass, conname)
        from pg_constraint where contype = any ('{${types}}') and conparentid = 0
          and conrelid::regclass::text in (${tables.map((table) => `'${table}'`).join()})
        order by contype
      loop execute command; end loop;
    end $$`);

  /** The statement of a migration that creates a trigger or a function. */
  const statementOf = async (problem: string): Promise<string> => {
    const [, name = '', migration = ''] =
      /(?:trigger|function) (\w+)(?:,| is).* of the migration (\w+)$/.exec(problem) ?? [];
    const text = await readFile(`${migrationsDirectory}/${migration}.sql`, 'utf8');
    const statement = new RegExp(
      `^create (?:trigger ${name}\\b[^;]*;|function ${name}\\b.*?^end \\$\\$;)`,
      'ms',
    ).exec(text);
    if (statement === null) throw new Error(problem);
    return statement[0];
  };

  it('given a restore without keys and triggers: unavailable and not ready; each is named, and the remedies run', async () => {
    await dropKeys('f,p');
    for (const trigger of triggers) await session.run(`drop trigger ${trigger} on tasks`);
    await session.run('drop function erase_user');

    expect(await isReady()).to.deep.equal([false, 'unprepared']);
    await using database = openDatabase(given.url);
    expect(await rejectionCode(postgresTaskRepository(database).add(anOwner(), aTask()))).to.equal(
      'unavailable',
    );
    const found = await problems();
    expect(found.map((problem) => problem.split(',')[0])).to.have.members([
      ...tables.map((table) => `The table "public".${table} has no primary key`),
      ...tables.slice(1).map((table) => `The table "public".${table} has no foreign key to owners`),
      ...triggers.map((trigger) => `The table "public".tasks has no trigger ${trigger}`),
      'The function erase_user is missing',
    ]);
    for (const problem of found)
      await session.run(/run: (ALTER TABLE .*)$/.exec(problem)?.[1] ?? (await statementOf(problem)));
    expect(await problems()).to.deep.equal([]);
    expect(await isReady()).to.deep.equal([true, null]);
  });

  it('given a table without its key: check-config names it; exit code 69', async () => {
    await session.run('alter table tombstones drop constraint tombstones_pkey');
    await using program = runMain({ DATABASE_URL: given.url }, 'cli/check-config', []);
    expect(await program.ended(), program.output()).to.equal(69);
    expect(program.output()).to.include(
      'ALTER TABLE "public".tombstones ADD PRIMARY KEY (owner_id, task_id)',
    );
  });

  for (const [what, index] of [
    ['of some rows', '(owner_id, task_id) where revision > 0'],
    ['of more columns', '(owner_id, task_id, revision)'],
    ['of an expression', '(owner_id, (task_id::text))'],
    ['that is not unique', null],
  ])
    it(`given only an index ${what}, which ON CONFLICT cannot name: not ready`, async () => {
      await dropKeys('p');
      await session.run(
        index === null
          ? 'create index on tombstones (owner_id, task_id)'
          : `create unique index on tombstones ${index}`,
      );
      expect((await problems()).join()).to.include('"public".tombstones has no primary key');
    });
});
