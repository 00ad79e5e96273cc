import { expect } from 'chai';
import {
  expireTombstones,
  expireTrash,
} from '../../../../src/infrastructure/postgres/maintenance/expire-rows.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import type { Run } from '../../../../src/infrastructure/postgres/requirements/facts.ts';
import type { User } from '../../../../src/domain/user.ts';
import type { TaskId } from '../../../../src/domain/task.ts';
import { numbers } from '../../../support/in-batches.ts';
import { holdLock, holdOwner } from '../../../support/postgres/held-lock.ts';
import {
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { connect, isRecent, type Session } from '../../../support/postgres/sql.ts';
import { aKeyedRequest, anOwner, aTask, instant, oldest, youngest } from '../../../support/tasks/tasks.ts';
import { readTrash } from '../../../support/tasks/trash.ts';

describe('rows that expire', () => {
  let subject: PostgresRepository;
  let session: Session;
  let run: Run;
  before(async () => {
    subject = await postgresRepository();
    session = await connect(subject.url);
    run = (statement) => subject.database.write(statement);
  });
  beforeEach(() => session.run('delete from owners'));
  after(async () => {
    await session[Symbol.asyncDispose]();
    await subject.close();
  });

  /** Adds and deletes a task, so many days ago. */
  const deleted = async (user: User, daysAgo: number): Promise<TaskId> => {
    const { id } = await subject.tasks.add(user, aTask());
    await subject.tasks.remove(user, id, instant(0));
    await age('trashed_tasks', daysAgo, 'id', id);
    return id;
  };
  /** Cut to milliseconds, because the column rounds: a time that is rounded up is younger. */
  const age = (table: string, days: number, key: string, id: TaskId) =>
    session.run(
      `update ${table} set deleted_at = date_trunc('milliseconds', now() - $2 * interval '24 hours') where ${key} = $1`,
      [id, days],
    );
  const tombstones = async (user: User) =>
    (
      await session.run(
        `select task_id as id, revision::int, ${isRecent} as is_recent from tombstones where owner_id = $1 order by revision`,
        [user.id],
      )
    ).map(({ id, revision, is_recent: isNew }) => [id, revision, isNew]);
  const changesFrom = async (user: User) =>
    (await session.run('select changes_from::int as "from" from owners where id = $1', [user.id]))[0]?.[
      'from'
    ];
  const counter = async (user: User) =>
    (await session.run('select revision::int from owners where id = $1', [user.id]))[0]?.['revision'];

  describe('expireTrash', () => {
    it('given tasks that were deleted that long ago, or later: the older ones become tombstones of their revisions', async () => {
      const user = anOwner();
      const old = [await deleted(user, 31), await deleted(user, 30)];
      const recent = await deleted(user, 29.9);
      expect(await expireTrash(run, 30)).to.equal(2);
      expect((await readTrash(subject.trash, user.id)).map(({ id }) => id)).to.deep.equal([recent]);
      expect(await tombstones(user)).to.deep.equal([
        [old[0], 2, true],
        [old[1], 4, true],
      ]);
      expect(await counter(user)).to.equal(6);
      expect(await changesFrom(user)).to.equal(0);
    });

    it('given no days: all of it', async () => {
      const user = anOwner();
      await deleted(user, 1);
      expect(await expireTrash(run, 0)).to.equal(1);
      expect(await readTrash(subject.trash, user.id)).to.deep.equal([]);
    });

    it('given more than a batch, and several instances: each task once', async () => {
      const users = [anOwner(), anOwner()];
      for (const n of numbers(11)) await deleted(users[n % 2]!, 90);
      const counts = await Promise.all(numbers(3).map(() => expireTrash(run, 30, 2)));
      const rest = await expireTrash(run, 30, 2); // of a batch that another call held
      expect(counts.reduce((sum, one) => sum + one, rest)).to.equal(11);
      expect([...(await tombstones(users[0]!)), ...(await tombstones(users[1]!))]).to.have.length(11);
    });

    it('given a task that another transaction has locked: left for another call, without waiting', async () => {
      const user = anOwner();
      const [locked, free] = [await deleted(user, 90), await deleted(user, 90)];
      {
        await using lock = await holdLock(subject.url, 'select from trashed_tasks where id = $1 for update', [
          locked,
        ]);
        expect(await expireTrash(run, 30)).to.equal(1);
        await lock.waitedForBy(0);
      }
      expect((await tombstones(user)).map(([id]) => id)).to.deep.equal([free]);
      expect(await expireTrash(run, 30)).to.equal(1);
    });
  });

  describe('expireTombstones', () => {
    /** A tombstone that is so many days old. */
    const gone = async (user: User, days: number): Promise<TaskId> => {
      const id = await deleted(user, 0);
      await subject.trash.purge(user.id, id);
      await age('tombstones', days, 'task_id', id);
      return id;
    };

    it('given tombstones that are that old, or younger: the old ones are deleted, and changesFrom is the highest of their revisions', async () => {
      const user = anOwner();
      const [first] = [
        await gone(user, 89),
        await gone(user, 91),
        await gone(user, 90),
        await gone(user, 88),
      ]; // revisions 2, 4, 6, 8
      expect(await expireTombstones(run, 90)).to.equal(2);
      expect((await tombstones(user)).map(([, revision]) => revision)).to.deep.equal([2, 8]);
      expect(await changesFrom(user)).to.equal(6);
      await age('tombstones', 90, 'task_id', first);
      expect(await expireTombstones(run, 90)).to.equal(1);
      expect(await changesFrom(user)).to.equal(6); // never lower
      expect(await counter(user)).to.equal(8);
    });

    it('given more than a batch of several users, and several instances: each user has the highest of their own', async () => {
      const users = [anOwner(), anOwner()];
      for (const n of numbers(9)) await gone(users[n % 2]!, 90);
      await Promise.all(numbers(3).map(() => expireTombstones(run, 90, 2)));
      await expireTombstones(run, 90, 2);
      expect([...(await tombstones(users[0]!)), ...(await tombstones(users[1]!))]).to.deep.equal([]);
      expect([await changesFrom(users[0]!), await changesFrom(users[1]!)]).to.deep.equal([10, 8]);
    });

    it('given a user who is being written to: left for another call, without waiting', async () => {
      const [busy, other] = [anOwner(), anOwner()];
      for (const user of [busy, other]) await gone(user, 90);
      {
        await using lock = await holdOwner(subject.url, busy);
        expect(await expireTombstones(run, 90)).to.equal(1);
        await lock.waitedForBy(0);
      }
      expect([await changesFrom(busy), await changesFrom(other)]).to.deep.equal([0, 2]);
      expect(await expireTombstones(run, 90)).to.equal(1);
      expect(await changesFrom(busy)).to.equal(2);
    });
  });

  for (const [name, at] of Object.entries({ behind: oldest, ahead: youngest }))
    describe(`deletions by an instance whose clock is far ${name}`, () => {
      it('given a trash: the time of the deletion is that of the database, and the task does not expire', async () => {
        const user = anOwner();
        const [{ id }, { id: keyed }] = [
          await subject.tasks.add(user, aTask()),
          await subject.tasks.add(user, aTask()),
        ];
        await subject.tasks.remove(user, id, at);
        await subject.tasks.once(aKeyedRequest()).remove(user, keyed, at);
        expect(await session.run(`select ${isRecent} as is_recent from trashed_tasks`)).to.deep.equal([
          { is_recent: true },
          { is_recent: true },
        ]);
        expect(await expireTrash(run, 30)).to.equal(0);
      });

      it('given no trash: the same of the tombstone', async () => {
        const user = anOwner();
        const { id } = await subject.tasks.add(user, aTask());
        await postgresTaskRepository(subject.database, { hasTrash: false }).remove(user, id, at);
        expect(await tombstones(user)).to.deep.equal([[id, 2, true]]);
      });
    });
});
