import { expect } from 'chai';
import type { Observation } from '../../../../src/application/ports/observer.ts';
import type { TaskRepository } from '../../../../src/application/ports/task-repository.ts';
import { memoryTaskRepository } from '../../../../src/infrastructure/memory/task-repository.ts';
import { TaskholdError } from '../../../../src/domain/errors.ts';
import type { User, UserId } from '../../../../src/domain/user.ts';
import type { TaskId } from '../../../../src/domain/task.ts';
import { cachedOver, listVersionsOf } from '../../../support/tasks/cache.ts';
import {
  pausedCall,
  controlledRepository,
} from '../../../support/tasks/repositories/controlled-repository.ts';
import { numbers } from '../../../support/in-batches.ts';
import { rejection } from '../../../support/rejection.ts';
import { anOwner, aQuery, aTask, description, instant, title } from '../../../support/tasks/tasks.ts';

const cached = (maxUsers = 1000) => {
  const inner = memoryTaskRepository();
  const store = controlledRepository(inner);
  const outcomes: string[] = [];
  const observe = (observation: Observation) => {
    if (observation.type === 'cache') outcomes.push(observation.outcome);
  };
  const tasks = cachedOver(store.tasks, { maxUsers, observe, readVersion: listVersionsOf(inner) });
  return { inner, store, outcomes, tasks };
};

const twice = async (work: () => Promise<unknown>): Promise<void> => {
  await work();
  await work();
};

const lost = new TaskholdError('unavailable', 'gone', { cause: new Error('Connection terminated') });

describe('a cached task repository', () => {
  it('given a list that is requested twice: reads it once, and returns the same frozen page', async () => {
    const { tasks, store, outcomes } = cached();
    const owner = anOwner();
    await tasks.add(owner, aTask());
    const page = await tasks.list(owner.id, aQuery());
    expect(await tasks.list(owner.id, aQuery())).to.equal(page);
    expect(store.calls.list).to.equal(1);
    expect(outcomes).to.deep.equal(['miss', 'hit']);
    expect(page).to.be.frozen;
    expect(page.tasks).to.be.frozen;
    expect(page.tasks[0]).to.be.frozen;
  });

  it('given a task that is requested twice: reads it from the store each time', async () => {
    const { tasks, store, outcomes } = cached();
    const owner = anOwner();
    const { id } = await tasks.add(owner, aTask());
    await tasks.list(owner.id, aQuery());
    outcomes.length = 0;
    await twice(() => tasks.find(owner.id, id));
    expect(store.calls.find).to.equal(2);
    expect(outcomes).to.deep.equal([]);
  });

  it('given lists of different status and limit: keeps the first page of each, and no later page', async () => {
    const { tasks, store, outcomes } = cached();
    const owner = anOwner();
    for (const completed of [true, false, false]) await tasks.add(owner, aTask({ completed }));
    const sizes = async () => [
      (await tasks.list(owner.id, aQuery())).tasks.length,
      (await tasks.list(owner.id, aQuery({ limit: 2 }))).tasks.length,
      (await tasks.list(owner.id, aQuery({ status: 'pending' }))).tasks.length,
      (await tasks.list(owner.id, aQuery({ status: 'completed' }))).tasks.length,
    ];
    expect(await sizes()).to.deep.equal([3, 2, 2, 1]);
    expect(await sizes()).to.deep.equal([3, 2, 2, 1]);
    expect(store.calls.list).to.equal(4);
    const after = (await tasks.list(owner.id, aQuery({ limit: 2 }))).next;
    outcomes.length = 0;
    await twice(() => tasks.list(owner.id, aQuery({ after })));
    expect(store.calls.list).to.equal(6);
    expect(outcomes).to.deep.equal(['passed', 'passed']);
  });

  it('given 50 concurrent requests of a list: reads it once', async () => {
    const { tasks, store } = cached();
    const owner = anOwner();
    await tasks.add(owner, aTask());
    const pause = pausedCall();
    store.next('list', { after: pause.ended });
    const pages = numbers(50).map(() => tasks.list(owner.id, aQuery()));
    pause.end();
    expect(new Set(await Promise.all(pages)).size).to.equal(1);
    expect(store.calls.list).to.equal(1);
  });

  it('given a failed read: rejects all callers that share it, and reads again for the next one', async () => {
    const { tasks, store } = cached();
    const owner = anOwner();
    store.next('list', { before: () => Promise.reject(lost) });
    const pages = [tasks.list(owner.id, aQuery()), tasks.list(owner.id, aQuery())];
    expect(await Promise.all(pages.map(rejection))).to.deep.equal([lost, lost]);
    expect((await tasks.list(owner.id, aQuery())).revision).to.equal(0);
    expect(store.calls.list).to.equal(2);
  });

  describe('after a write', () => {
    const writes = {
      add: (tasks: TaskRepository, owner: User) => tasks.add(owner, aTask()),
      change: (tasks: TaskRepository, owner: User, id: TaskId) =>
        tasks.change(owner, id, { title: title('New') }, instant(1)),
      remove: (tasks: TaskRepository, owner: User, id: TaskId) => tasks.remove(owner, id, instant(1)),
    } as const;

    for (const name of ['add', 'change', 'remove'] as const) {
      const write = writes[name];

      for (const instance of ['this instance', 'another instance'] as const)
        it(`given ${name} by ${instance}: lists the state after it`, async () => {
          const subject = cached();
          const owner = anOwner();
          const { id } = await subject.tasks.add(owner, aTask());
          await subject.tasks.list(owner.id, aQuery());
          await write(instance === 'this instance' ? subject.tasks : subject.inner, owner, id);
          await expectStateOfStore(subject, owner.id);
        });

      it(`given ${name} during the read of a list: does not keep that list`, async () => {
        const subject = cached();
        const owner = anOwner();
        const { id } = await subject.tasks.add(owner, aTask());
        const pause = pausedCall();
        subject.store.next('list', { after: pause.ended });
        const early = subject.tasks.list(owner.id, aQuery());
        await write(subject.tasks, owner, id);
        await expectStateOfStore(subject, owner.id);
        pause.end();
        await early;
        await expectStateOfStore(subject, owner.id);
      });

      it(`given ${name} whose result is lost: lists the state after it`, async () => {
        const subject = cached();
        const owner = anOwner();
        const { id } = await subject.tasks.add(owner, aTask());
        await subject.tasks.list(owner.id, aQuery());
        subject.store.next(name, { after: () => Promise.reject(lost) });
        await rejection(write(subject.tasks, owner, id));
        await expectStateOfStore(subject, owner.id);
      });
    }

    it('given a write of another user: keeps the list', async () => {
      const { tasks, store } = cached();
      const [owner, other] = [anOwner(), anOwner()];
      await tasks.list(owner.id, aQuery());
      await tasks.add(other, aTask());
      await tasks.list(owner.id, aQuery());
      expect(store.calls.list).to.equal(1);
    });
  });

  describe('after the store has lost writes, so that revisions are repeated', () => {
    /** A cache over a store that `replace` replaces by another one, as a failover does. */
    const replaceable = () => {
      const stores = [
        controlledRepository(memoryTaskRepository()),
        controlledRepository(memoryTaskRepository()),
      ] as const;
      const state = { store: stores[0], server: 'one' };
      const store: TaskRepository = {
        add: (...args) => state.store.tasks.add(...args),
        find: (...args) => state.store.tasks.find(...args),
        list: (...args) => state.store.tasks.list(...args),
        change: (...args) => state.store.tasks.change(...args),
        remove: (...args) => state.store.tasks.remove(...args),
        once: (...args) => state.store.tasks.once(...args),
      };
      const versions = listVersionsOf(store);
      const readVersion = async (user: UserId) => ({ ...(await versions(user)), server: state.server });
      return {
        stores,
        tasks: cachedOver(store, { readVersion }),
        replace: (server: string) => Object.assign(state, { store: stores[1], server }),
      };
    };

    it('given another server: lists the new store', async () => {
      const { tasks, replace } = replaceable();
      const owner = anOwner();
      await tasks.add(owner, aTask({ title: title('Before') }));
      await tasks.list(owner.id, aQuery());
      replace('two');
      const after = await tasks.add(owner, aTask({ title: title('After') }));
      expect(await tasks.list(owner.id, aQuery())).to.deep.include({ tasks: [after], revision: 1 });
    });

    it('given the same server and a cleared cache: lists the new store', async () => {
      const { tasks, replace } = replaceable();
      const owner = anOwner();
      await tasks.add(owner, aTask({ title: title('Before') }));
      await tasks.list(owner.id, aQuery());
      replace('one');
      tasks.clear();
      const after = await tasks.add(owner, aTask({ title: title('After') }));
      expect(await tasks.list(owner.id, aQuery())).to.deep.include({ tasks: [after], revision: 1 });
    });

    it('given a version of the old store and a list of the new one: does not keep that list', async () => {
      const { stores, tasks, replace } = replaceable();
      const owner = anOwner();
      await tasks.add(owner, aTask());
      await tasks.add(owner, aTask());
      const early = tasks.list(owner.id, aQuery());
      expect(stores[0].calls.list, 'the version is being read').to.equal(1);
      replace('one');
      tasks.clear();
      expect(await early).to.include({ revision: 0 });
      const [first, second] = [await tasks.add(owner, aTask()), await tasks.add(owner, aTask())];
      const { tasks: listed } = await tasks.list(owner.id, aQuery());
      expect(listed.map(({ id }) => id)).to.have.members([first.id, second.id]);
    });
  });

  describe('limits', () => {
    it('given more users than maxUsers: removes the least recently used one', async () => {
      const { tasks, store } = cached(3);
      const users = numbers(4).map(() => anOwner().id);
      for (const user of users) await tasks.list(user, aQuery());
      for (const user of users.slice(1)) await tasks.list(user, aQuery());
      expect(store.calls.list).to.equal(4);
      await tasks.list(users[0] ?? anOwner().id, aQuery());
      expect(store.calls.list).to.equal(5);
    });

    it('given more than 6 queries of one user: removes the oldest ones', async () => {
      const { tasks, store } = cached();
      const owner = anOwner();
      for (const n of numbers(1000)) await tasks.list(owner.id, aQuery({ limit: n + 1 }));
      for (const n of numbers(6)) await tasks.list(owner.id, aQuery({ limit: 1000 - n }));
      expect(store.calls.list).to.equal(1000);
      await tasks.list(owner.id, aQuery({ limit: 1 }));
      expect(store.calls.list).to.equal(1001);
    });

    it('given many searches of one user: the lists of other users are kept', async () => {
      const { tasks, store } = cached(10);
      const [busy, ...quiet] = numbers(6).map(() => anOwner());
      const long = description('x'.repeat(1000));
      await Promise.all(numbers(3).map(() => tasks.add(busy!, aTask({ description: long }))));
      for (const { id } of quiet) await tasks.list(id, aQuery());
      for (const n of numbers(100)) await tasks.list(busy!.id, aQuery({ limit: 10 + n }));
      const before = store.calls.list;
      for (const { id } of quiet) await tasks.list(id, aQuery());
      expect(store.calls.list).to.equal(before);
    });

    it('given a list that needs the memory of a hundred users: does not keep it', async () => {
      const { tasks, store } = cached();
      const owner = anOwner();
      const long = description('x'.repeat(1000));
      await Promise.all(numbers(1000).map(() => tasks.add(owner, aTask({ description: long }))));
      await twice(() => tasks.list(owner.id, aQuery()));
      expect(store.calls.list).to.equal(2);
      await twice(() => tasks.list(owner.id, aQuery({ limit: 20 })));
      expect(store.calls.list).to.equal(3);
    });
  });
});

const expectStateOfStore = async (
  { tasks, inner }: ReturnType<typeof cached>,
  user: UserId,
): Promise<void> => {
  expect(await tasks.list(user, aQuery())).to.deep.equal(await inner.list(user, aQuery()));
};
