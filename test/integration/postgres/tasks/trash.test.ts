import { expect } from 'chai';
import { numbers } from '../../../support/in-batches.ts';
import { connectFirstEdition } from '../../../support/first-edition/connect-first-edition.ts';
import {
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { connect, isRecent, scalar, type Session } from '../../../support/postgres/sql.ts';
import { anOwner, aTask, instant, title } from '../../../support/tasks/tasks.ts';
import { readTrash } from '../../../support/tasks/trash.ts';
import type { Observation } from '../../../../src/application/ports/observer.ts';
import { readTaskId } from '../../../../src/domain/task.ts';
import type { User } from '../../../../src/domain/user.ts';

describe('the trash in PostgreSQL', () => {
  let subject: PostgresRepository;
  let withoutTrash: PostgresRepository;
  let session: Session;
  let observations: Observation[];
  before(async () => {
    subject = await postgresRepository({ observe: (one) => void observations.push(one) });
    withoutTrash = await postgresRepository({}, { hasTrash: false });
    session = await connect(subject.url);
  });
  beforeEach(() => {
    observations = [];
  });
  after(async () => {
    await session[Symbol.asyncDispose]();
    await withoutTrash.close();
    await subject.close();
  });

  const tombstonesOf = (user: User, on = session) =>
    on.run(
      `select task_id as id, revision::int, ${isRecent} as is_recent from tombstones where owner_id = $1 order by revision`,
      [user.id],
    );
  const rowOf = async (table: 'tasks' | 'trashed_tasks', id: string) =>
    (
      await session.run(
        `select title_folded as title, description_folded as description, text_revision::int as "textRevision"
         from ${table} where id = $1`,
        [id],
      )
    )[0];

  describe('tombstones', () => {
    it('given a task that is in the trash or restored: none', async () => {
      const user = anOwner();
      const { id } = await subject.tasks.add(user, aTask());
      await subject.tasks.remove(user, id, instant(1));
      expect(await tombstonesOf(user)).to.deep.equal([]);
      await subject.trash.restore(user, id, instant(2));
      expect(await tombstonesOf(user)).to.deep.equal([]);
    });

    it('given purges: one for each task, with the revision of its deletion and the time of the purge', async () => {
      const user = anOwner();
      const ids = [];
      for (const n of numbers(3)) {
        const { id } = await subject.tasks.add(user, aTask());
        await subject.tasks.remove(user, id, instant(n));
        ids.push(id);
      }
      await subject.trash.purge(user.id, ids[1]!);
      await subject.trash.purgeAll(user.id);
      expect(await tombstonesOf(user)).to.deep.equal([
        { id: ids[0], revision: 2, is_recent: true },
        { id: ids[1], revision: 4, is_recent: true },
        { id: ids[2], revision: 6, is_recent: true },
      ]);
      expect(observations).to.deep.equal([
        { type: 'rows_purged', reason: 'user', count: 1 },
        { type: 'rows_purged', reason: 'user', count: 2 },
      ]);
    });

    it('given a purge of more tasks than a batch has: all of them', async () => {
      const user = anOwner();
      await subject.tasks.add(user, aTask());
      await session.run(
        `insert into trashed_tasks (owner_id, id, title, completed, created_at, updated_at, revision, title_folded, deleted_at)
         select $1, gen_random_uuid(), 'Task', false, now(), now(), n, 'task', now() from generate_series(2, 12001) as n`,
        [user.id],
      );
      await subject.trash.purgeAll(user.id);
      expect(await tombstonesOf(user)).to.have.length(12_000);
      expect(observations.map((one) => one.type === 'rows_purged' && one.count)).to.deep.equal([
        5_000, 5_000, 2_000,
      ]);
    });

    it('given a purge of nothing: no observation', async () => {
      await subject.trash.purgeAll(anOwner().id);
      expect(observations).to.deep.equal([]);
    });

    it('given a deletion without a trash: one, with its revision and time', async () => {
      const user = anOwner();
      const { id } = await withoutTrash.tasks.add(user, aTask());
      await withoutTrash.tasks.remove(user, id, instant(5));
      await using other = await connect(withoutTrash.url);
      expect(await tombstonesOf(user, other)).to.deep.equal([{ id, revision: 2, is_recent: true }]);
    });

    it('given a task that an operator has inserted again: its deletion replaces the tombstone', async () => {
      const user = anOwner();
      const given = aTask();
      for (const n of numbers(2)) {
        await withoutTrash.tasks.add(user, given);
        await withoutTrash.tasks.remove(user, given.id, instant(n));
      }
      await using other = await connect(withoutTrash.url);
      expect(await tombstonesOf(user, other)).to.deep.equal([{ id: given.id, revision: 4, is_recent: true }]);
    });
  });

  describe('deletions by others', () => {
    it('given an older version that deletes a task: a tombstone with the revision of the deletion', async () => {
      const user = anOwner();
      const { id } = await subject.tasks.add(user, aTask());
      await using old = await connectFirstEdition(subject.url);
      await old.delete(user.id, id);
      expect((await tombstonesOf(user)).map((row) => [row['id'], row['revision']])).to.deep.equal([[id, 2]]);
      expect(await readTrash(subject.trash, user.id)).to.deep.equal([]);
    });

    it('given an operator who deletes all tasks of users, with another search path: a tombstone for each', async () => {
      const users = [anOwner(), anOwner()];
      for (const n of numbers(6)) await subject.tasks.add(users[n % 2]!, aTask());
      await using operator = await connect(subject.url);
      await operator.run(`set search_path = ''`);
      await operator.run('delete from public.tasks where owner_id = any ($1)', [users.map(({ id }) => id)]);
      expect(await scalar(operator, 'show search_path')).to.equal('""');
      for (const user of users)
        expect((await tombstonesOf(user)).map((row) => row['revision'])).to.deep.equal([3, 3, 3]);
    });

    it('given an operator who deletes an owner: tasks, trash and tombstones are deleted', async () => {
      const user = anOwner();
      const ids = [];
      for (const n of numbers(3)) {
        const { id } = await subject.tasks.add(user, aTask());
        if (n > 0) await subject.tasks.remove(user, id, instant(n));
        ids.push(id);
      }
      await subject.trash.purge(user.id, ids[1]!);
      await session.run('delete from owners where id = $1', [user.id]);
      for (const table of ['tasks', 'trashed_tasks', 'tombstones'])
        expect(
          await scalar(session, `select count(*)::int from ${table} where owner_id = $1`, [user.id]),
        ).to.equal(0);
    });

    it('given a schema that was renamed: the tombstone is in it', async () => {
      const user = anOwner();
      await using undo = new AsyncDisposableStack();
      const renamed = await postgresRepository();
      undo.defer(() => renamed.close());
      const { id } = await renamed.tasks.add(user, aTask());
      await using operator = await connect(renamed.url);
      await operator.run('alter schema public rename to "Other schema"');
      await operator.run('delete from "Other schema".tasks where id = $1', [id]);
      expect(await scalar(operator, 'select task_id from "Other schema".tombstones')).to.equal(id);
    });

    it('given a role that has rights on the first tables alone: it can delete, and cannot use the function', async () => {
      const user = anOwner();
      const { id } = await subject.tasks.add(user, aTask());
      const role = new URL(subject.url).pathname.slice(1);
      await session.run(
        `create role ${role}; grant select, insert, update, delete on owners, tasks to ${role}`,
      );
      try {
        await session.run(`set role ${role}`);
        await session.run('delete from tasks where id = $1', [id]);
        const isAllowed = `select has_function_privilege('deletion_by_others()', 'execute') as is_allowed`;
        expect(await scalar(session, isAllowed)).to.be.false;
      } finally {
        await session.run('reset role');
        await session.run(`drop owned by ${role}; drop role ${role}`);
      }
      expect((await tombstonesOf(user)).map((row) => row['id'])).to.deep.equal([id]);
    });
  });

  describe('folded text', () => {
    it('given text that this version folded: it and its revision come back as they were', async () => {
      const user = anOwner();
      const { id } = await subject.tasks.add(user, aTask({ title: title('ΟΔΟΣ') }));
      const before = await rowOf('tasks', id);
      await subject.tasks.remove(user, id, instant(1));
      expect(await rowOf('trashed_tasks', id)).to.deep.equal(before);
      await subject.trash.restore(user, id, instant(2));
      expect(await rowOf('tasks', id))
        .to.deep.equal(before)
        .and.to.include({ title: 'οδοσ', textRevision: 1 });
    });

    it('given text that an older version wrote: left to foldRows again', async () => {
      const user = anOwner();
      await using old = await connectFirstEdition(subject.url);
      const inserted = await old.insert(user.id, { title: 'Milk', description: 'MILK' });
      const id = readTaskId(inserted);
      await subject.tasks.remove(user, id, instant(1));
      await subject.trash.restore(user, id, instant(2));
      expect(await rowOf('tasks', inserted)).to.deep.equal({
        title: 'milk',
        description: 'milk',
        textRevision: null,
      });
    });
  });

  for (const [indexing, isIndexed] of [
    [0, false],
    [1, true],
    [2, true],
  ] as const)
    it(`given a user of indexing ${indexing}: a restored task is ${isIndexed ? '' : 'not '}indexed`, async () => {
      const user = anOwner();
      const { id } = await subject.tasks.add(user, aTask());
      await subject.tasks.remove(user, id, instant(1));
      await session.run('update owners set indexing = $2 where id = $1', [user.id, indexing]);
      await subject.trash.restore(user, id, instant(2));
      expect(await scalar(session, 'select is_indexed from tasks where id = $1', [id])).to.equal(isIndexed);
    });
});
