import { expect } from 'chai';
import type { Observation } from '../../src/application/ports/observer.ts';
import type { TaskRepository } from '../../src/application/ports/task-repository.ts';
import { cachedTaskRepository } from '../../src/infrastructure/cache/task-repository.ts';
import { memoryTaskRepository } from '../../src/infrastructure/memory/task-repository.ts';
import { TaskholdError } from '../../src/domain/errors.ts';
import type { Owner, UserId } from '../../src/domain/owner.ts';
import type { TaskId } from '../../src/domain/task.ts';
import { cacheOptions } from '../support/cache.ts';
import { closedGate, gatedRepository } from '../support/gated-repository.ts';
import { numbers } from '../support/in-batches.ts';
import { rejection } from '../support/rejection.ts';
import { anOwner, aQuery, aTask, description, instant, newTaskId, title } from '../support/tasks.ts';

const cached = (overrides: Parameters<typeof cacheOptions>[0] = {}) => {
  const inner = memoryTaskRepository();
  const store = gatedRepository(inner);
  const outcomes: string[] = [];
  const observe = (observation: Observation) => {
    if (observation.type === 'cache') outcomes.push(observation.outcome);
  };
  return {
    inner,
    store,
    outcomes,
    tasks: cachedTaskRepository(store.tasks, cacheOptions(overrides), observe),
  };
};

const twice = async (work: () => Promise<unknown>): Promise<void> => {
  await work();
  await work();
};

const lost = new TaskholdError('unavailable', 'gone', { cause: new Error('Connection terminated') });
const busy = new TaskholdError('unavailable', 'busy');

describe('a cached task repository', () => {
  it('asks the store once for a list and for a task, and gives everybody the same', async () => {
    const { tasks, store, outcomes } = cached();
    const owner = anOwner();
    const { id } = await tasks.add(owner, aTask());
    const [found, page] = [await tasks.find(owner.id, id), await tasks.list(owner.id, aQuery())];
    expect(await tasks.find(owner.id, id)).to.equal(found);
    expect(await tasks.list(owner.id, aQuery())).to.equal(page);
    expect(store.calls).to.include({ find: 1, list: 1 });
    expect(outcomes).to.deep.equal(['miss', 'miss', 'hit', 'hit']);
    expect(page).to.be.frozen;
    expect(page.tasks).to.be.frozen;
    expect(page.tasks[0]).to.be.frozen;
  });

  it('knows the tasks of a list that it has read', async () => {
    const { tasks, store } = cached();
    const owner = anOwner();
    const task = await tasks.add(owner, aTask());
    await tasks.list(owner.id, aQuery());
    expect(await tasks.find(owner.id, task.id)).to.deep.equal(task);
    expect(store.calls.find).to.equal(0);
  });

  it('keeps lists apart by status and limit, and nothing behind a first page', async () => {
    const { tasks, store } = cached();
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
    await twice(() => tasks.list(owner.id, aQuery({ after })));
    expect(store.calls.list).to.equal(6);
  });

  it('lets all who ask at once wait for one answer of the store', async () => {
    const { tasks, store } = cached();
    const owner = anOwner();
    const { id } = await tasks.add(owner, aTask());
    const gate = closedGate();
    store.next('list', { after: gate.passed });
    store.next('find', { after: gate.passed });
    const asked = numbers(50).flatMap(() => [tasks.list(owner.id, aQuery()), tasks.find(owner.id, id)]);
    gate.open();
    expect(new Set(await Promise.all(asked)).size).to.equal(2);
    expect(store.calls).to.include({ list: 1, find: 1 });
  });

  it('does not keep what is not there', async () => {
    const { tasks, store } = cached();
    const [owner, id] = [anOwner(), newTaskId()];
    await twice(async () => expect(await tasks.find(owner.id, id)).to.equal(null));
    expect(store.calls.find).to.equal(2);
  });

  it('does not keep a failure, and tells everybody who waited for it', async () => {
    const { tasks, store } = cached();
    const owner = anOwner();
    store.next('list', { before: () => Promise.reject(lost) });
    const asked = [tasks.list(owner.id, aQuery()), tasks.list(owner.id, aQuery())];
    expect(await Promise.all(asked.map(rejection))).to.deep.equal([lost, lost]);
    expect((await tasks.list(owner.id, aQuery())).revision).to.equal(0);
    expect(store.calls.list).to.equal(2);
  });

  describe('when a write comes between', () => {
    const writes = {
      add: (tasks: TaskRepository, owner: Owner) => tasks.add(owner, aTask()),
      change: (tasks: TaskRepository, owner: Owner, id: TaskId) =>
        tasks.change(owner, id, { title: title('New') }, instant(1)),
      remove: (tasks: TaskRepository, owner: Owner, id: TaskId) => tasks.remove(owner, id),
    } as const;

    for (const name of ['add', 'change', 'remove'] as const) {
      const write = writes[name];

      it(`never shows the state before it to whoever asks after its answer (${name})`, async () => {
        const subject = cached();
        const owner = anOwner();
        const { id } = await subject.tasks.add(owner, aTask());
        await subject.tasks.list(owner.id, aQuery());
        await subject.tasks.find(owner.id, id);
        await write(subject.tasks, owner, id);
        await isAsInStore(subject, owner.id, id);
      });

      it(`never keeps what was read before it and answered behind it (${name})`, async () => {
        const subject = cached();
        const owner = anOwner();
        const { id } = await subject.tasks.add(owner, aTask());
        const gate = closedGate();
        subject.store.next('list', { after: gate.passed });
        subject.store.next('find', { after: gate.passed });
        const early = [subject.tasks.list(owner.id, aQuery()), subject.tasks.find(owner.id, id)];
        await write(subject.tasks, owner, id);
        await isAsInStore(subject, owner.id, id);
        gate.open();
        await Promise.all(early);
        await isAsInStore(subject, owner.id, id);
      });

      it(`never keeps what was read while it was under way (${name})`, async () => {
        const subject = cached();
        const owner = anOwner();
        const { id } = await subject.tasks.add(owner, aTask());
        const gate = closedGate();
        subject.store.next(name, { before: gate.passed });
        const writing = write(subject.tasks, owner, id);
        await subject.tasks.list(owner.id, aQuery());
        await subject.tasks.find(owner.id, id);
        gate.open();
        await writing;
        await isAsInStore(subject, owner.id, id);
      });

      it(`never goes back behind a write that was done and is not answered yet (${name})`, async () => {
        const subject = cached();
        const owner = anOwner();
        const { id } = await subject.tasks.add(owner, aTask());
        await subject.tasks.list(owner.id, aQuery());
        await subject.tasks.find(owner.id, id);
        const gate = closedGate();
        subject.store.next(name, { after: gate.passed });
        const writing = write(subject.tasks, owner, id);
        await isAsInStore(subject, owner.id, id);
        gate.open();
        await writing;
      });

      it(`shows a write that was done though its answer was lost (${name})`, async () => {
        const subject = cached();
        const owner = anOwner();
        const { id } = await subject.tasks.add(owner, aTask());
        await subject.tasks.list(owner.id, aQuery());
        await subject.tasks.find(owner.id, id);
        subject.store.next(name, { after: () => Promise.reject(lost) });
        await rejection(write(subject.tasks, owner, id));
        await isAsInStore(subject, owner.id, id);
      });

      it(`shows a write that is done by the database after its answer was lost (${name})`, async () => {
        let time = 0;
        const subject = cached({ doubtMilliseconds: 1000, now: () => time });
        const owner = anOwner();
        const { id } = await subject.tasks.add(owner, aTask());
        subject.store.next(name, { before: () => Promise.reject(lost) });
        await rejection(write(subject.tasks, owner, id));
        time += 999;
        await subject.tasks.list(owner.id, aQuery());
        await subject.tasks.find(owner.id, id);
        await write(subject.inner, owner, id); // what the lost connection had left behind
        await isAsInStore(subject, owner.id, id);
        time += 1;
        await isAsInStore(subject, owner.id, id);
        const { list } = subject.store.calls;
        await isAsInStore(subject, owner.id, id);
        expect(subject.store.calls.list).to.equal(list);
      });
    }

    it('stays in doubt for as long as the database gives trouble', async () => {
      let time = 0;
      const { tasks, store } = cached({ doubtMilliseconds: 1000, now: () => time });
      const owner = anOwner();
      store.next('add', { before: () => Promise.reject(lost) });
      await rejection(tasks.add(owner, aTask()));
      time = 900;
      store.next('list', { before: () => Promise.reject(lost) });
      await rejection(tasks.list(anOwner().id, aQuery()));
      time = 1800;
      await twice(() => tasks.list(owner.id, aQuery()));
      expect(store.calls.list).to.equal(3);
      time = 1900;
      await twice(() => tasks.list(owner.id, aQuery()));
      expect(store.calls.list).to.equal(4);
    });

    it('has no doubts about a write that was refused before it began', async () => {
      const { tasks, store } = cached();
      const owner = anOwner();
      store.next('add', { before: () => Promise.reject(busy) });
      expect(await rejection(tasks.add(owner, aTask()))).to.equal(busy);
      await twice(() => tasks.list(owner.id, aQuery()));
      expect(store.calls.list).to.equal(1);
    });

    it('doubts everybody where too many are in doubt to know them', async () => {
      const { tasks, store } = cached({ maxOwners: 2 });
      for (const owner of numbers(3).map(() => anOwner())) {
        store.next('add', { before: () => Promise.reject(lost) });
        await rejection(tasks.add(owner, aTask()));
      }
      const other = anOwner();
      await twice(() => tasks.list(other.id, aQuery()));
      expect(store.calls.list).to.equal(2);
    });

    it('leaves other owners what is kept of theirs', async () => {
      const { tasks, store } = cached();
      const [owner, other] = [anOwner(), anOwner()];
      await tasks.list(owner.id, aQuery());
      await tasks.add(other, aTask());
      await tasks.list(owner.id, aQuery());
      expect(store.calls.list).to.equal(1);
    });
  });

  describe('within its bounds', () => {
    it('keeps so many owners, and lets the one go that was not used for longest', async () => {
      const { tasks, store } = cached({ maxOwners: 3 });
      const owners = numbers(4).map(() => anOwner().id);
      for (const owner of owners) await tasks.list(owner, aQuery());
      for (const owner of owners.slice(1)) await tasks.list(owner, aQuery());
      expect(store.calls.list).to.equal(4);
      await tasks.list(owners[0] ?? anOwner().id, aQuery());
      expect(store.calls.list).to.equal(5);
    });

    it('keeps nothing for longer than it is told', async () => {
      const { tasks, store } = cached({ ttlMilliseconds: 1 });
      const owner = anOwner();
      await tasks.list(owner.id, aQuery());
      const deadline = Date.now() + 5000;
      while (store.calls.list === 1 && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        await tasks.list(owner.id, aQuery());
      }
      expect(store.calls.list).to.be.above(1);
    });

    it('keeps a handful of queries of one owner', async () => {
      const { tasks, store } = cached();
      const owner = anOwner();
      for (const n of numbers(1000)) await tasks.list(owner.id, aQuery({ limit: n + 1 }));
      for (const n of numbers(6)) await tasks.list(owner.id, aQuery({ limit: 1000 - n }));
      expect(store.calls.list).to.equal(1000);
      await tasks.list(owner.id, aQuery({ limit: 1 }));
      expect(store.calls.list).to.equal(1001);
    });

    it('keeps no list that would take the room of a hundred others', async () => {
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

const isAsInStore = async (
  { tasks, inner }: ReturnType<typeof cached>,
  owner: UserId,
  id: TaskId,
): Promise<void> => {
  expect(await tasks.list(owner, aQuery())).to.deep.equal(await inner.list(owner, aQuery()));
  expect(await tasks.find(owner, id)).to.deep.equal(await inner.find(owner, id));
};
