import { expect } from 'chai';
import { setTimeout as pause } from 'node:timers/promises';
import { createTaskRepository } from '../../../../src/bootstrap/adapters/create-task-repository.ts';
import { holdOwner, type HeldLock } from '../../../support/postgres/held-lock.ts';
import { numbers } from '../../../support/in-batches.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import {
  openDatabase,
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { rejectionCode } from '../../../support/rejection.ts';
import { anOwner, aQuery, aTask, instant } from '../../../support/tasks/tasks.ts';
import { timed } from '../../../support/until.ts';

describe('overload of the pool', () => {
  let subject: PostgresRepository;
  let lock: HeldLock;
  const owner = anOwner();
  const other = anOwner();

  beforeEach(async () => {
    subject = await postgresRepository({ poolMax: 2, queueMax: 3 });
    await subject.tasks.add(owner, aTask());
    lock = await holdOwner(subject.url, owner);
  });
  afterEach(async () => {
    await lock[Symbol.asyncDispose]();
    await subject.close();
  });

  it('given a full queue: overloaded at once; given a queue timeout: overloaded; neither is done later', async () => {
    const { tasks, database } = subject;
    const atWork = numbers(2).map(() => tasks.add(owner, aTask()));
    await lock.waitedForBy(2);
    const queued = numbers(3).map(() => timed(() => rejectionCode(tasks.add(other, aTask()))));
    const [code, milliseconds] = await timed(() => rejectionCode(tasks.list(owner.id, aQuery())));
    expect(code).to.equal('overloaded');
    expect(milliseconds).to.be.below(500);
    for (const [refused, spent] of await Promise.all(queued)) {
      expect(refused).to.equal('overloaded');
      expect(spent).to.be.within(800, 2000);
    }
    await lock.session.run('rollback');
    const done = await Promise.all(atWork);
    expect(done.map((task) => task.revision)).to.have.members([2, 3]);
    await pause(50);
    await database.isReady();
    expect(await tasks.list(other.id, aQuery())).to.deep.equal({
      tasks: [],
      next: null,
      total: null,
      revision: 0,
    });
  });

  it('given reads that wait for a blocked batch: overloaded', async () => {
    const { tasks } = subject;
    await lock.session.run('lock table tasks');
    const list = () => rejectionCode(tasks.list(owner.id, aQuery()));
    const atWork = numbers(32).map(() => tasks.list(owner.id, aQuery()));
    await pause(50);
    const queued = numbers(3).map(() => timed(list));
    expect(subject.database.usage().waiting).to.equal(3);
    const [code, milliseconds] = await timed(list);
    expect([code, milliseconds < 500]).to.deep.equal(['overloaded', true]);
    for (const [refused, spent] of await Promise.all(queued)) {
      expect(refused).to.equal('overloaded');
      expect(spent).to.be.within(800, 2000);
    }
    await lock.session.run('rollback');
    expect((await Promise.all(atWork)).map((page) => page.tasks.length)).to.deep.equal(Array(32).fill(1));
  });

  it('given a time limit that passes while a connection is opened: overloaded, and nothing is sent', async () => {
    let isOver = false;
    const work = { isOver: false, beginWrite: () => !isOver };
    const deadline = { current: () => work, limit: <Result>(begin: () => Promise<Result>) => begin() };
    await using database = openDatabase(subject.url, { deadline });
    const tasks = postgresTaskRepository(database);
    await lock.session.run('rollback');
    const task = await tasks.add(owner, aTask());
    isOver = true;
    const writes = [
      tasks.add(owner, aTask()),
      tasks.add(other, aTask()),
      tasks.change(owner, task.id, { completed: true }, instant(1)),
      tasks.remove(owner, task.id, instant(1)),
    ];
    expect(await Promise.all(writes.map(rejectionCode))).to.deep.equal(Array(4).fill('overloaded'));
    expect(await tasks.list(owner.id, aQuery())).to.include({ revision: 2 });
    expect(await tasks.list(other.id, aQuery())).to.include({ revision: 0 });
  });

  it('given queued writes and a released connection: they are done', async () => {
    const { tasks } = subject;
    const atWork = numbers(2).map(() => tasks.add(owner, aTask()));
    await lock.waitedForBy(2);
    const queued = numbers(3).map(() => tasks.add(other, aTask()));
    await lock.session.run('rollback');
    await Promise.all(atWork);
    expect((await Promise.all(queued)).map((task) => task.revision)).to.have.members([1, 2, 3]);
  });

  it('given a readiness check that gets no connection: not ready, but none is lost, and the list cache is kept', async () => {
    const { tasks, database } = subject;
    const outcomes: string[] = [];
    const cached = createTaskRepository({ cacheMaxUsers: 10, hasTrash: true }, database, (observation) => {
      if (observation.type === 'cache') outcomes.push(observation.outcome);
    });
    let lost = 0;
    database.onConnectionLost(() => (lost += 1));
    await cached.list(other.id, aQuery());
    const atWork = numbers(2).map(() => tasks.add(owner, aTask()));
    await lock.waitedForBy(2);
    expect(await database.isReady()).to.be.false;
    await lock.session.run('rollback');
    await Promise.all(atWork);
    await cached.list(other.id, aQuery());
    expect([outcomes, lost]).to.deep.equal([['miss', 'hit'], 0]);
    expect(await database.isReady()).to.be.true;
  });

  it('given a saturated pool: the database stays ready', async () => {
    const { tasks, database } = subject;
    await lock.session.run('rollback');
    let isLoaded = true;
    const load = async () => {
      while (isLoaded) await tasks.list(owner.id, aQuery()).catch(() => pause(1));
    };
    const loads = numbers(20).map(load);
    try {
      for (let n = 0; n < 10; n += 1) expect(await database.isReady()).to.be.true;
    } finally {
      isLoaded = false;
      await Promise.all(loads);
    }
  });
});
