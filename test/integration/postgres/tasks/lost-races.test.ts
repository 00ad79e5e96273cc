import { expect } from 'chai';
import type { Owner } from '../../../../src/domain/user.ts';
import type { Task } from '../../../../src/domain/task.ts';
import { holdLock, holdOwner } from '../../../support/postgres/held-lock.ts';
import {
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { connect } from '../../../support/postgres/sql.ts';
import { rejection } from '../../../support/rejection.ts';
import { anOwner, aQuery, aTask, instant, revision, title } from '../../../support/tasks/tasks.ts';

describe('a writer who is overtaken between looking and writing', () => {
  let subject: PostgresRepository;
  let owner: Owner;
  let task: Task;
  before(async () => {
    subject = await postgresRepository();
  });
  after(() => subject.close());
  beforeEach(async () => {
    owner = anOwner();
    task = await subject.tasks.add(owner, aTask());
  });

  /** What comes of the work when another transaction does `first`, and commits, while the work waits for the owner. */
  const overtaken = async <Result>(first: string, work: () => Promise<Result>): Promise<Result> => {
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
    const what = expected === undefined ? 'whatever is there' : 'what was there';
    it(`by a delete, misses the task, expecting ${what}`, async () => {
      const changed = await overtaken(removal, () =>
        tasks().change(owner, task.id, { completed: 'toggle' }, instant(1), expected),
      );
      expect(changed).to.deep.equal({ outcome: 'missing' });
    });

    it(`by a delete, does not delete again, expecting ${what}`, async () => {
      const removed = await overtaken(removal, () => tasks().remove(owner, task.id, expected));
      expect(removed).to.deep.equal({ outcome: 'missing' });
    });
  }

  it('by a change, changes what is there now, and takes the revision behind', async () => {
    const result = await overtaken(change(7), () =>
      tasks().change(owner, task.id, { completed: 'toggle' }, instant(3)),
    );
    const now = { title: 'First', completed: false, updatedAt: instant(9), revision: 8 };
    expect(result.outcome === 'changed' && result.task).to.include(now);
    expect(await tasks().find(owner.id, task.id)).to.include(now);
  });

  it('by a change, removes what is there now', async () => {
    expect(await overtaken(change(7), () => tasks().remove(owner, task.id))).to.deep.equal({
      outcome: 'removed',
    });
    expect(await tasks().list(owner.id, aQuery())).to.deep.equal({ tasks: [], next: null, revision: 8 });
  });

  it('by a change, mismatches, expecting what was there', async () => {
    const expected = [revision(1)];
    expect(
      await overtaken(change(7), () =>
        tasks().change(owner, task.id, { title: title('Second') }, instant(1), expected),
      ),
    ).to.nested.include({ outcome: 'mismatch', 'current.title': 'First', 'current.revision': 7 });
    const removed = await overtaken(change(20), () => tasks().remove(owner, task.id, [revision(7)]));
    const current = await tasks().find(owner.id, task.id);
    expect(removed).to.deep.equal({ outcome: 'mismatch', current });
    expect(current).to.include({ title: 'First', revision: 20 });
  });

  it('by a change, wins all the same, expecting what is there now too', async () => {
    const expected = [revision(1), revision(7)];
    const result = await overtaken(change(7), () =>
      tasks().change(owner, task.id, { title: title('Second') }, instant(1), expected),
    );
    expect(result.outcome === 'changed' && result.task).to.include({ title: 'Second', revision: 8 });
  });

  it('locks the owner before the task, so that two writers cannot wait for each other', async () => {
    const ofTask = 'select from tasks where owner_id = $1 and id = $2 for update';
    for (const work of [
      () => tasks().change(owner, task.id, {}, instant(1)),
      () => tasks().remove(owner, task.id),
    ]) {
      await using lock = await holdLock(subject.url, ofTask, [owner.id, task.id]);
      const waiting = work();
      await lock.waitedForBy(1);
      await using session = await connect(subject.url);
      const ofOwner = session.run('select from owners where id = $1 for update nowait', [owner.id]);
      expect(String(await rejection(ofOwner))).to.include('could not obtain lock');
      await lock.session.run('commit');
      await waiting;
    }
  });

  it('leaves the writers of other owners alone', async () => {
    const other = anOwner();
    await using lock = await holdOwner(subject.url, owner);
    const added = await tasks().add(other, aTask());
    expect((await tasks().change(other, added.id, {}, instant(1))).outcome).to.equal('changed');
    expect((await tasks().remove(other, added.id)).outcome).to.equal('removed');
    expect(await tasks().find(owner.id, task.id)).to.deep.equal(task);
    expect((await tasks().list(owner.id, aQuery())).tasks).to.deep.equal([task]);
    await lock.session.run('rollback');
  });
});
