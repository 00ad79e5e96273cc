import { expect } from 'chai';
import type { User } from '../../../../src/domain/user.ts';
import type { Task } from '../../../../src/domain/task.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { recording, type Recorded } from '../../../support/postgres/explain.ts';
import { holdLock, holdOwner } from '../../../support/postgres/held-lock.ts';
import { numbers } from '../../../support/in-batches.ts';
import {
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { connect } from '../../../support/postgres/sql.ts';
import {
  anOwner,
  aQuery,
  aTask,
  instant,
  newTaskId,
  uncheckedTitle,
  title,
} from '../../../support/tasks/tasks.ts';

describe('concurrent writes of several users', () => {
  let subject: PostgresRepository;
  let statements: Recorded[];
  let owners: readonly User[];
  let tasks: readonly Task[];

  before(async () => {
    subject = await postgresRepository();
    const recorded = recording(subject.database);
    subject = { ...subject, tasks: postgresTaskRepository(recorded.database) };
    statements = recorded.statements;
  });
  after(() => subject.close());
  beforeEach(async () => {
    owners = numbers(4).map(() => anOwner());
    tasks = await Promise.all(owners.map((owner) => subject.tasks.add(owner, aTask())));
    statements.length = 0;
  });

  const toggle = (owner: User, task: Task) =>
    subject.tasks.change(owner, task.id, { completed: 'toggle' }, instant(1));
  const outcome = async (changed: ReturnType<typeof toggle>) => {
    const result = await changed;
    return result.outcome === 'changed' ? result.task.revision : result.outcome;
  };

  it('given one write of each user: sends one statement, and each takes the next revision of its user', async () => {
    await subject.tasks.add(owners[1]!, aTask());
    statements.length = 0;
    const added = await Promise.all(owners.map((owner) => subject.tasks.add(owner, aTask())));
    expect(added.map(({ revision }) => revision)).to.deep.equal([2, 3, 2, 2]);
    expect(added.map(({ owner }) => owner)).to.deep.equal(owners.map(({ id }) => id));
    const changed = await Promise.all(owners.map((owner, n) => outcome(toggle(owner, tasks[n]!))));
    expect(changed).to.deep.equal([3, 4, 3, 3]);
    expect(statements).to.have.length(2);
    for (const [n, owner] of owners.entries()) {
      const { tasks: now } = await subject.tasks.list(owner.id, aQuery());
      expect(now).to.deep.include({
        ...tasks[n]!,
        completed: true,
        updatedAt: instant(1),
        revision: changed[n],
      });
      expect(now).to.deep.include(added[n]);
    }
  });

  it('given email or display name of some users: stores what is given, and keeps the rest', async () => {
    const known = owners.map((owner, n) => ({ ...owner, email: `${n}@example.org` }));
    await Promise.all(known.map((owner) => subject.tasks.add(owner, aTask())));
    const named = owners.map((owner, n) => ({ ...owner, displayName: n === 1 ? null : `No. ${n}` }));
    await Promise.all(named.map((owner, n) => toggle(owner, tasks[n]!)));
    expect(statements).to.have.length(2);
    await using session = await connect(subject.url);
    const profiles = await session.run(
      'select email, display_name from owners where id = any ($1) order by email',
      [owners.map(({ id }) => id)],
    );
    expect(profiles.map((row) => [row['email'], row['display_name']])).to.deep.equal([
      ['0@example.org', 'No. 0'],
      ['1@example.org', null],
      ['2@example.org', 'No. 2'],
      ['3@example.org', 'No. 3'],
    ]);
  });

  it('given several writes of one user: does each of them once', async () => {
    const [owner] = owners;
    const added = await Promise.all([
      ...numbers(5).map(() => subject.tasks.add(owner!, aTask())),
      subject.tasks.add(owners[1]!, aTask()),
    ]);
    expect(added.slice(0, 5).map(({ revision }) => revision)).to.have.members([2, 3, 4, 5, 6]);
    expect((await subject.tasks.list(owner!.id, aQuery())).tasks).to.have.length(6);
  });

  it('given a locked row of a user: the writes of other users do not wait', async () => {
    await using lock = await holdOwner(subject.url, owners[0]!);
    const slow = toggle(owners[0]!, tasks[0]!);
    const others = owners.slice(1).map((owner, n) => outcome(toggle(owner, tasks[n + 1]!)));
    expect(await Promise.all(others)).to.deep.equal([2, 2, 2]);
    const late = Promise.all(owners.map((owner) => subject.tasks.add(owner, aTask())));
    await lock.waitedForBy(2);
    await lock.session.run('rollback');
    expect([await outcome(slow), (await late)[0]!.revision]).to.have.members([2, 3]);
  });

  it('given a locked task: the writes of other users do not wait', async () => {
    const lockTask = 'select from tasks where owner_id = $1 and id = $2 for update';
    await using lock = await holdLock(subject.url, lockTask, [owners[0]!.id, tasks[0]!.id]);
    const slow = toggle(owners[0]!, tasks[0]!);
    const others = owners.slice(1).map((owner, n) => outcome(toggle(owner, tasks[n + 1]!)));
    expect(await Promise.all(others)).to.deep.equal([2, 2, 2]);
    await lock.waitedForBy(1);
    await lock.session.run('rollback');
    expect(await outcome(slow)).to.equal(2);
  });

  it('given a new user, missing tasks and an expected revision: returns the result of each write', async () => {
    const newOwner = anOwner();
    const [added, known, missing, foreign, mismatch] = await Promise.all([
      subject.tasks.add(newOwner, aTask()),
      subject.tasks.add(owners[3]!, aTask()),
      subject.tasks.change(owners[0]!, newTaskId(), {}, instant(1)),
      subject.tasks.change(owners[1]!, tasks[2]!.id, {}, instant(1)),
      subject.tasks.change(owners[2]!, tasks[2]!.id, { title: title('Lost') }, instant(1), []),
    ]);
    expect([added.revision, known.revision]).to.deep.equal([1, 2]);
    expect([missing, foreign, mismatch].map(({ outcome }) => outcome)).to.deep.equal([
      'missing',
      'missing',
      'mismatch',
    ]);
    const revisions = await Promise.all(
      owners.slice(0, 3).map(async ({ id }) => (await subject.tasks.list(id, aQuery())).revision),
    );
    expect(revisions).to.deep.equal([1, 1, 1]);
  });

  it('given a value that PostgreSQL refuses: the other writes succeed', async () => {
    const added = await Promise.allSettled(
      owners.map((owner, n) =>
        subject.tasks.add(owner, aTask(n === 2 ? { title: uncheckedTitle('a'.repeat(201)) } : {})),
      ),
    );
    expect(added.map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    for (const [n, { id }] of owners.entries()) {
      const page = await subject.tasks.list(id, aQuery());
      expect([page.tasks.length, page.revision]).to.deep.equal(n === 2 ? [1, 1] : [2, 2]);
    }
  });
});
