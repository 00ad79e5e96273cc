import { expect } from 'chai';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import {
  openDatabase,
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { rejection } from '../../../support/rejection.ts';
import { connect, scalar, type Session } from '../../../support/postgres/sql.ts';
import {
  anOwner,
  aQuery,
  aTask,
  fullFields,
  instant,
  newTaskId,
  uncheckedTitle,
  textFields,
} from '../../../support/tasks/tasks.ts';

describe('rows in PostgreSQL', () => {
  let subject: PostgresRepository;
  let session: Session;
  before(async () => {
    subject = await postgresRepository();
    session = await connect(subject.url);
  });
  after(async () => {
    await session[Symbol.asyncDispose]();
    await subject.close();
  });

  const ownerRow = async (id: string) =>
    (await session.run('select revision::int, email, display_name from owners where id = $1', [id]))[0];

  describe('the row of a user', () => {
    it('given the first task: inserted in the same transaction', async () => {
      const owner = anOwner();
      expect(await ownerRow(owner.id)).to.be.undefined;
      const task = await subject.tasks.add(owner, aTask({ createdAt: instant(5) }));
      const [row] = await session.run(
        `select o.xmin = t.xmin as together, o.created_at = t.created_at as at_once, o.revision::int, t.revision::int as of_task
         from owners o join tasks t on t.owner_id = o.id where t.id = $1`,
        [task.id],
      );
      expect(row).to.deep.equal({ together: true, at_once: true, revision: 1, of_task: 1 });
    });

    it('given a first task that PostgreSQL refuses: not inserted', async () => {
      const owner = anOwner();
      await rejection(subject.tasks.add(owner, aTask({ title: uncheckedTitle('a'.repeat(201)) })));
      expect(await ownerRow(owner.id)).to.be.undefined;
    });

    it('given reads, and writes of missing tasks: not inserted', async () => {
      const owner = anOwner({ email: 'a@example.org' });
      const { tasks } = subject;
      await tasks.list(owner.id, aQuery());
      await tasks.find(owner.id, newTaskId());
      await tasks.change(owner, newTaskId(), {}, instant(0));
      await tasks.remove(owner, newTaskId(), instant(1));
      expect(await ownerRow(owner.id)).to.be.undefined;
    });

    it('given writes with email or display name: replaces what is given, and keeps the rest', async () => {
      const { tasks } = subject;
      const { id } = anOwner();
      const as = (email: string | null, displayName: string | null) => ({ id, email, displayName });
      const profile = async () => {
        const row = await ownerRow(id);
        return [row?.['email'], row?.['display_name']];
      };
      const { id: first } = await tasks.add(as(null, null), aTask());
      expect(await profile()).to.deep.equal([null, null]);
      await tasks.add(as('a@example.org', null), aTask());
      expect(await profile()).to.deep.equal(['a@example.org', null]);
      await tasks.change(as(null, 'A'), first, {}, instant(1));
      expect(await profile()).to.deep.equal(['a@example.org', 'A']);
      await tasks.change(as('b@example.org', 'B'), first, {}, instant(2));
      expect(await profile()).to.deep.equal(['b@example.org', 'B']);
      await tasks.change(as('c@example.org', 'C'), first, {}, instant(3), []);
      await tasks.remove(as('c@example.org', 'C'), newTaskId(), instant(1));
      expect(await profile(), 'a refused write').to.deep.equal(['b@example.org', 'B']);
      await tasks.add(as(null, null), aTask());
      expect(await profile()).to.deep.equal(['b@example.org', 'B']);
      await tasks.remove(as('d@example.org', null), first, instant(1));
      expect(await profile()).to.deep.equal(['d@example.org', 'B']);
      expect(await ownerRow(id)).to.include({ revision: 6 });
    });

    it('given that the last task is removed: kept, with the next revision', async () => {
      const owner = anOwner();
      const task = await subject.tasks.add(owner, aTask());
      await subject.tasks.remove(owner, task.id, instant(1));
      expect(await ownerRow(owner.id)).to.include({ revision: 2 });
    });
  });

  describe('constraints', () => {
    const owner = anOwner();
    before(() => subject.tasks.add(owner, aTask()));

    const cases: readonly (readonly [what: string, column: string, value: string, constraint: string])[] = [
      ['an empty title', 'title', `''`, 'tasks_title_length'],
      ['a title of 201 characters', 'title', `repeat('a', 201)`, 'tasks_title_length'],
      ['a title of 201 emoji', 'title', `repeat('😀', 201)`, 'tasks_title_length'],
      ['no title', 'title', 'null', 'not-null'],
      ['a description of 1001 characters', 'description', `repeat('a', 1001)`, 'tasks_description_length'],
      ['no completed', 'completed', 'null', 'not-null'],
      ['priority 0', 'priority', '0', 'tasks_priority_known'],
      ['priority 4', 'priority', '4', 'tasks_priority_known'],
      ['no priority', 'priority', 'null', 'not-null'],
      ['an empty due date', 'due_date', `''`, 'tasks_due_date_form'],
      ['a due date of 1969', 'due_date', `'1969-12-31'`, 'tasks_due_date_form'],
      ['a due date without milliseconds', 'due_date', `'2026-11-30T08:00:00Z'`, 'tasks_due_date_form'],
      ['no tags', 'tags', 'null', 'not-null'],
      ['21 tags', 'tags', `array_fill('a'::text, array[21])`, 'tasks_tags_count'],
      [
        'a change before the creation',
        'updated_at',
        `created_at - interval '1 ms'`,
        'tasks_updated_after_created',
      ],
      ['revision 0', 'revision', '0', 'tasks_revision_positive'],
      ['an unknown user', 'owner_id', `'nobody'`, 'tasks_owner_id_fkey'],
    ];
    for (const [what, column, value, constraint] of cases)
      it(`given a task with ${what}: refused`, async () => {
        const update = session.run(`update tasks set ${column} = ${value} where owner_id = $1`, [owner.id]);
        expect(String(await rejection(update))).to.include(constraint);
      });

    for (const [what, id, revision, constraint] of [
      ['an empty id', '', 1, 'owners_id_length'],
      ['an id of 256 characters', 'a'.repeat(256), 1, 'owners_id_length'],
      ['revision 0', 'zero', 0, 'owners_revision_positive'],
    ] as const)
      it(`given a user with ${what}: refused`, async () => {
        const insert = session.run(`insert into owners values ($1, ${revision}, null, null, now())`, [id]);
        expect(String(await rejection(insert))).to.include(constraint);
      });

    it('given the longest text in each field: stored, and one character more violates a constraint', async () => {
      const task = await subject.tasks.add(owner, aTask(fullFields));
      expect(await subject.tasks.find(owner.id, task.id)).to.deep.equal(task);
      const columns = await session.run(
        `select column_name as name from information_schema.columns
         where table_name = 'tasks' and data_type = 'text' and column_name <> 'owner_id'
           and column_name not like '%_folded'`,
      );
      expect(columns.length).to.equal(textFields.length + 1); // the due date, whose form is checked
      for (const name of columns.map((column) => String(column['name']))) {
        const update = session.run(`update tasks set ${name} = ${name} || 'a' where id = $1`, [task.id]);
        expect(String(await rejection(update))).to.match(new RegExp(`tasks_${name}_(length|form)`));
      }
    });
  });

  it('given a restart: the tasks, the revision and the profile are stored', async () => {
    const owner = anOwner({ email: 'a@example.org' });
    const written = [];
    {
      await using database = openDatabase(subject.url);
      const tasks = postgresTaskRepository(database);
      for (let n = 0; n < 3; n += 1)
        written.unshift(await tasks.add(owner, aTask({ createdAt: instant(n) })));
    }
    await using database = openDatabase(subject.url);
    const tasks = postgresTaskRepository(database);
    expect(await tasks.list(owner.id, aQuery())).to.deep.equal({
      tasks: written,
      next: null,
      total: null,
      revision: 3,
    });
    expect(await tasks.add(owner, aTask())).to.include({ revision: 4 });
    expect(await scalar(session, 'select email from owners where id = $1', [owner.id])).to.equal(
      'a@example.org',
    );
  });
});
