import { expect } from 'chai';
import type { KeyedWrites, TaskRepository } from '../../../../src/application/ports/task-repository.ts';
import { outcomeUnknown, TaskholdError } from '../../../../src/domain/errors.ts';
import type { Task } from '../../../../src/domain/task.ts';
import type { User } from '../../../../src/domain/user.ts';
import type { Database } from '../../../../src/infrastructure/postgres/client/database.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { requestDeadline } from '../../../../src/infrastructure/system/request-deadline.ts';
import { holdOwner } from '../../../support/postgres/held-lock.ts';
import {
  openDatabase,
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { rejection, rejectionCode } from '../../../support/rejection.ts';
import { aKeyedRequest, anOwner, aQuery, aTask, instant } from '../../../support/tasks/tasks.ts';
import { until } from '../../../support/until.ts';

describe('keyed writes whose result is lost', () => {
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

  const counter = async () => (await subject.tasks.list(owner.id, aQuery())).revision;

  /** A repository that loses the result of the first write; `later` is what happens to the second. */
  const losing = (isDone: boolean, later?: Error): { tasks: TaskRepository; sent: () => number } => {
    let sent = 0;
    const lose = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      sent += 1;
      if (sent > 1 && later !== undefined) throw later;
      if (sent > 1) return work();
      if (isDone) await work();
      throw outcomeUnknown();
    };
    const database: Database = {
      ...subject.database,
      write: (...args) => lose(() => subject.database.write(...args)),
      writeAtOnce: (...args) => lose(async () => (await subject.database.writeAtOnce(...args)) ?? []),
    };
    return { tasks: postgresTaskRepository(database), sent: () => sent };
  };

  const kinds: Readonly<Record<string, (writes: KeyedWrites) => Promise<object>>> = {
    add: (writes) => writes.add(owner, aTask()),
    change: (writes) => writes.change(owner, task.id, { completed: 'toggle' }, instant(1)),
    'conditional change': (writes) => writes.change(owner, task.id, {}, instant(1), [task.revision]),
    remove: (writes) => writes.remove(owner, task.id, instant(9)),
  };

  for (const [name, write] of Object.entries(kinds)) {
    it(`given ${name} that was done: sent again, and its result is returned`, async () => {
      const request = aKeyedRequest();
      const { tasks, sent } = losing(true);
      expect(await write(tasks.once(request))).to.have.property('isReplay', true);
      expect([await counter(), sent()]).to.deep.equal([2, 2]);
    });

    it(`given ${name} that was not done: sent again, and done once`, async () => {
      const { tasks, sent } = losing(false);
      expect(await write(tasks.once(aKeyedRequest()))).not.to.have.property('isReplay');
      expect([await counter(), sent()]).to.deep.equal([2, 2]);
    });
  }

  it('given a batch whose result is lost: each is sent again, alone', async () => {
    const { tasks } = losing(true);
    const users = [owner, anOwner(), anOwner()];
    for (const user of users.slice(1)) await subject.tasks.add(user, aTask());
    const added = await Promise.all(users.map((user) => tasks.once(aKeyedRequest()).add(user, aTask())));
    expect(added.map(({ isReplay }) => isReplay)).to.deep.equal([true, true, true]);
    expect(added.map((one) => one.task.revision)).to.deep.equal([2, 2, 2]);
  });

  for (const later of [
    new TaskholdError('unavailable', 'not reachable'),
    new TaskholdError('overloaded', 'full'),
    outcomeUnknown(),
    new Error('refused'),
  ])
    it(`given a second attempt that fails with ${later.message}: outcome_unknown`, async () => {
      const { tasks, sent } = losing(true, later);
      expect(await rejectionCode(tasks.once(aKeyedRequest()).remove(owner, task.id, instant(9)))).to.equal(
        'outcome_unknown',
      );
      expect(sent()).to.equal(2);
    });

  it('given any other failure: not sent again', async () => {
    const failing = (error: Error) =>
      postgresTaskRepository({ ...subject.database, write: () => Promise.reject(error) });
    for (const error of [new TaskholdError('unavailable', 'not reachable'), new Error('a bug')])
      expect(
        await rejection(failing(error).once(aKeyedRequest()).remove(owner, task.id, instant(9))),
      ).to.equal(error);
  });

  it('given a write without a key: not sent again', async () => {
    const { tasks, sent } = losing(true);
    expect(await rejectionCode(tasks.remove(owner, task.id, instant(9)))).to.equal('outcome_unknown');
    expect(sent()).to.equal(1);
  });

  it('given a broken connection: sent again over a new one, and done once', async () => {
    await using lock = await holdOwner(subject.url, owner);
    const request = aKeyedRequest();
    const removing = subject.tasks.once(request).remove(owner, task.id, instant(9));
    await lock.waitedForBy(1);
    await lock.terminateWaiting();
    await lock.waitedForBy(1); // the second attempt
    await lock.session.run('commit');
    expect(await removing).to.include({ outcome: 'removed' });
    expect(await counter()).to.equal(2);
  });

  it('given a request whose time limit passes meanwhile: outcome_unknown, and nothing is sent again', async () => {
    const deadline = requestDeadline(150);
    await using database = openDatabase(subject.url, { deadline });
    await using lock = await holdOwner(subject.url, owner);
    const tasks = postgresTaskRepository(database);
    let isEnded = false;
    const work = () =>
      tasks
        .once(aKeyedRequest())
        .remove(owner, task.id, instant(9))
        .finally(() => (isEnded = true));
    const removing = rejectionCode(deadline.limit(work));
    await lock.waitedForBy(1);
    expect(await removing).to.equal('outcome_unknown');
    await lock.terminateWaiting();
    await until('the write has ended', () => isEnded);
    await lock.waitedForBy(0);
    await lock.session.run('commit');
    expect(await counter()).to.equal(1);
  });
});
