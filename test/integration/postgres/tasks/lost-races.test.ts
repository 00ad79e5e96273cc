import { expect } from 'chai';
import type { User } from '../../../../src/domain/user.ts';
import type { Task } from '../../../../src/domain/task.ts';
import { holdLock, holdOwner } from '../../../support/postgres/held-lock.ts';
import {
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { connect } from '../../../support/postgres/sql.ts';
import { rejection } from '../../../support/rejection.ts';
import { anOwner, aQuery, aTask, instant, revision, title } from '../../../support/tasks/tasks.ts';

describe('a write that waits while another one commits', () => {
  let subject: PostgresRepository;
  let owner: User;
  let task: Task;
  before(async () => {
    subject = await postgresRepository();
  });
  after(() => subject.close());
  beforeEach(async () => {
    owner = anOwner();
    task = await subject.tasks.add(owner, aTask());
  });

  /** Returns the result of `work`, which waits for the owner's row until another transaction has run `first` and committed. */
  const runAfterCommitOf = async <Result>(first: string, work: () => Promise<Result>): Promise<Result> => {
    await using lock = await holdOwner(subject.url, owner);
    const result = work();
    await lock.waitedForBy(1);
    await lock.session.run(first, [owner.id, task.id]);
    await lock.session.run('commit');
    return await result;
  };

  const removal = 'delete from tasks where owner_id = $1 and id = $2';
  const change = (to: number) => `with counter as (update owners set revision = ${to} where id = $1)
    update tasks set revision = ${to}, title = 'First', completed = true, updated_at = updated_at + interval '9 ms'
    where owner_id = $1 and id = $2`;
  const tasks = () => subject.tasks;

  for (const expected of [undefined, [revision(1)]]) {
    const what = expected === undefined ? 'any revision' : 'the revision before it';
    it(`given a committed delete: a change that expects ${what} returns missing`, async () => {
      const changed = await runAfterCommitOf(removal, () =>
        tasks().change(owner, task.id, { completed: 'toggle' }, instant(1), expected),
      );
      expect(changed).to.deep.equal({ outcome: 'missing' });
    });

    it(`given a committed delete: a delete that expects ${what} returns missing`, async () => {
      const removed = await runAfterCommitOf(removal, () =>
        tasks().remove(owner, task.id, instant(1), expected),
      );
      expect(removed).to.deep.equal({ outcome: 'missing' });
    });
  }

  it('given a committed change: another change applies to the changed task, and takes the next revision', async () => {
    const result = await runAfterCommitOf(change(7), () =>
      tasks().change(owner, task.id, { completed: 'toggle' }, instant(3)),
    );
    const now = { title: 'First', completed: false, updatedAt: instant(9), revision: 8 };
    expect(result.outcome === 'changed' && result.task).to.include(now);
    expect(await tasks().find(owner.id, task.id)).to.include(now);
  });

  it('given a committed change: a delete removes the task', async () => {
    expect(await runAfterCommitOf(change(7), () => tasks().remove(owner, task.id, instant(1)))).to.deep.equal(
      {
        outcome: 'removed',
      },
    );
    expect(await tasks().list(owner.id, aQuery())).to.deep.equal({
      tasks: [],
      next: null,
      total: null,
      revision: 8,
    });
  });

  it('given a committed change: a write that expects the revision before it returns mismatch with the changed task', async () => {
    const expected = [revision(1)];
    expect(
      await runAfterCommitOf(change(7), () =>
        tasks().change(owner, task.id, { title: title('Second') }, instant(1), expected),
      ),
    ).to.nested.include({ outcome: 'mismatch', 'current.title': 'First', 'current.revision': 7 });
    const removed = await runAfterCommitOf(change(20), () =>
      tasks().remove(owner, task.id, instant(1), [revision(7)]),
    );
    const current = await tasks().find(owner.id, task.id);
    expect(removed).to.deep.equal({ outcome: 'mismatch', current });
    expect(current).to.include({ title: 'First', revision: 20 });
  });

  it('given a committed change: another change that expects its revision too succeeds', async () => {
    const expected = [revision(1), revision(7)];
    const result = await runAfterCommitOf(change(7), () =>
      tasks().change(owner, task.id, { title: title('Second') }, instant(1), expected),
    );
    expect(result.outcome === 'changed' && result.task).to.include({ title: 'Second', revision: 8 });
  });

  it('given a locked task: the waiting write holds the lock of the owner, so that writes cannot deadlock', async () => {
    const lockTask = 'select from tasks where owner_id = $1 and id = $2 for update';
    for (const work of [
      () => tasks().change(owner, task.id, {}, instant(1)),
      () => tasks().remove(owner, task.id, instant(1)),
    ]) {
      await using lock = await holdLock(subject.url, lockTask, [owner.id, task.id]);
      const waiting = work();
      await lock.waitedForBy(1);
      await using session = await connect(subject.url);
      const lockOwner = session.run('select from owners where id = $1 for update nowait', [owner.id]);
      expect(String(await rejection(lockOwner))).to.include('could not obtain lock');
      await lock.session.run('commit');
      await waiting;
    }
  });

  it('given a locked row of a user: reads and the writes of other users do not wait', async () => {
    const other = anOwner();
    await using lock = await holdOwner(subject.url, owner);
    const added = await tasks().add(other, aTask());
    expect((await tasks().change(other, added.id, {}, instant(1))).outcome).to.equal('changed');
    expect((await tasks().remove(other, added.id, instant(1))).outcome).to.equal('removed');
    expect(await tasks().find(owner.id, task.id)).to.deep.equal(task);
    expect((await tasks().list(owner.id, aQuery())).tasks).to.deep.equal([task]);
    await lock.session.run('rollback');
  });
});
