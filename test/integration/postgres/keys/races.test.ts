import { expect } from 'chai';
import type { Observation } from '../../../../src/application/ports/observer.ts';
import type { KeyedWrites, TaskRepository } from '../../../../src/application/ports/task-repository.ts';
import type { Task } from '../../../../src/domain/task.ts';
import type { User } from '../../../../src/domain/user.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { numbers } from '../../../support/in-batches.ts';
import { holdOwner } from '../../../support/postgres/held-lock.ts';
import {
  openDatabase,
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { aKeyedRequest, anOwner, aQuery, aTask, instant } from '../../../support/tasks/tasks.ts';

/** Requests of one process with the same key wait for each other; those of two processes race in PostgreSQL. */
describe('writes of two instances under one key', () => {
  const opened = new AsyncDisposableStack();
  const observations: Observation[] = [];
  let subject: PostgresRepository;
  let instances: readonly TaskRepository[];
  let owner: User;
  let task: Task;
  before(async () => {
    const observe = (one: Observation) => void observations.push(one);
    subject = await postgresRepository({ observe });
    opened.defer(() => subject.close());
    const another = opened.use(openDatabase(subject.url, { observe }));
    instances = [subject.tasks, postgresTaskRepository(another)];
  });
  after(() => opened.disposeAsync());
  beforeEach(async () => {
    observations.length = 0;
    owner = anOwner();
    task = await subject.tasks.add(owner, aTask());
  });

  const counter = async () => (await subject.tasks.list(owner.id, aQuery())).revision;

  const kinds: Readonly<Record<string, (writes: KeyedWrites) => Promise<object>>> = {
    add: (writes) => writes.add(owner, aTask()),
    change: (writes) => writes.change(owner, task.id, { completed: 'toggle' }, instant(1)),
    'conditional change': (writes) => writes.change(owner, task.id, {}, instant(1), [task.revision]),
    remove: (writes) => writes.remove(owner, task.id, instant(9)),
    'conditional remove': (writes) => writes.remove(owner, task.id, instant(9), [task.revision]),
  };

  for (const [name, write] of Object.entries(kinds))
    it(`given ${name} that waits behind the same one of another instance: repeats its result`, async () => {
      const request = aKeyedRequest();
      await using lock = await holdOwner(subject.url, owner);
      const writes = instances.map((tasks) => write(tasks.once(request)));
      await lock.waitedForBy(2);
      await lock.session.run('commit');
      const results = await Promise.all(writes);
      const [first] = results.filter((result) => !('isReplay' in result));
      expect(results).to.have.deep.members([first, { ...first, isReplay: true }]);
      // A write that has lost a race to a deletion, or to a change of the expected revision, may have taken a revision.
      if (name === 'add' || name === 'change') expect(await counter()).to.equal(2);
      else expect(await counter()).to.be.within(2, 3);
      expect(observations).to.deep.equal([]);
    });

  it('given the first task of a user: one instance adds it', async () => {
    for (let n = 0; n < 10; n += 1) {
      const [user, request] = [anOwner(), aKeyedRequest()];
      const results = await Promise.all(
        numbers(6).map((one) => instances[one % 2]!.once(request).add(user, aTask())),
      );
      expect(new Set(results.map((result) => result.task.id)).size).to.equal(1);
      expect(results.filter(({ isReplay }) => isReplay !== true)).to.have.length(1);
      expect((await subject.tasks.list(user.id, aQuery())).revision).to.equal(1);
    }
    expect(observations).to.deep.equal([]);
  });

  it('given an expired key: one instance writes, the others repeat its result', async () => {
    for (let n = 0; n < 5; n += 1) {
      const request = aKeyedRequest();
      const user = anOwner();
      await subject.tasks.once(request).add(user, aTask());
      await subject.expireKeys();
      const results = await Promise.all(
        numbers(6).map((one) => instances[one % 2]!.once(request).add(user, aTask())),
      );
      expect(new Set(results.map((result) => result.task.id)).size).to.equal(1);
      expect((await subject.tasks.list(user.id, aQuery())).revision).to.equal(2);
    }
  });
});
