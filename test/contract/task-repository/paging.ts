import { expect } from 'chai';
import type { ContractTests } from '../task-repository.ts';
import type { TaskFilter } from '../../../src/domain/task-filter.ts';
import type { Position } from '../../../src/domain/task-order.ts';
import type { User } from '../../../src/domain/user.ts';
import type { Task } from '../../../src/domain/task.ts';
import { inBatches, numbers } from '../../support/in-batches.ts';
import { readPages } from '../../support/tasks/lists.ts';
import {
  anOwner,
  aQuery,
  aTask,
  instant,
  oldest,
  placeOf,
  revision,
  taskId,
  youngest,
} from '../../support/tasks/tasks.ts';

export const pagingTests: ContractTests = (tasks) => {
  /** Adds tasks that share a few creation times, in an order unrelated to that of lists. Returns them newest first. */
  const addShuffled = async (owner: User, count: number): Promise<readonly Task[]> => {
    const order = numbers(count).map((n) => (n * 37) % count);
    expect(new Set(order).size, 'the count must not be a multiple of 37').to.equal(count);
    const added = await inBatches(10, order, (n) =>
      tasks().add(
        owner,
        aTask({
          id: taskId(n),
          createdAt: instant(((n * 7) % 5) * 3_600_000 + (n % 3)),
          completed: n % 3 === 0,
        }),
      ),
    );
    return added.toSorted(newestFirst);
  };

  it('given tasks created at the same time: lists them by id, descending', async () => {
    const owner = anOwner();
    const ids = [5, 1, 0xffff, 3, 0xabcdef].map(taskId);
    for (const id of ids) await tasks().add(owner, aTask({ id }));
    const { tasks: listed } = await tasks().list(owner.id, aQuery());
    expect(listed.map((task) => task.id)).to.deep.equal(ids.toSorted().reverse());
  });

  it('given different creation times: orders by them before the id, and ignores the time of a change', async () => {
    const owner = anOwner();
    const young = await tasks().add(owner, aTask({ id: taskId(1), createdAt: instant(1) }));
    const old = await tasks().add(owner, aTask({ id: taskId(2), createdAt: instant(0) }));
    await tasks().change(owner, old.id, {}, instant(9));
    const { tasks: listed } = await tasks().list(owner.id, aQuery());
    expect(listed.map((task) => task.id)).to.deep.equal([young.id, old.id]);
  });

  describe('given a list of 60 tasks', () => {
    const owner = anOwner();
    let all: readonly Task[] = [];
    before(async () => {
      all = await addShuffled(owner, 60);
    });

    for (const status of ['all', 'pending', 'completed'] as const)
      for (const limit of [1, 2, 3, 7, 10, 20, 40, 59, 60, 61, 1000])
        it(`given status ${status} and limit ${limit}: the pages have every such task once`, async () => {
          const wanted = all.filter(
            (task) => status === 'all' || task.completed === (status === 'completed'),
          );
          const found = await readPages(tasks(), owner.id, aQuery({ status, limit }));
          expect(found.flatMap((page) => page.tasks)).to.deep.equal(wanted);
          expect(found).to.have.length(Math.ceil(wanted.length / limit));
          for (const [n, page] of found.entries()) {
            const isLast = n === found.length - 1;
            const last = page.tasks.at(-1);
            expect(page.tasks).to.have.length(isLast ? wanted.length - n * limit : limit);
            expect(page.next).to.deep.equal(isLast ? null : placeOf(last!));
            expect(page.revision).to.equal(60);
          }
        });

    it('given a position with or without a task: lists the tasks after it', async () => {
      const middle = all[30]!;
      const positions: readonly (readonly [Position, number])[] = [
        [placeOf({ createdAt: youngest, id: taskId(0) }), 0],
        [placeOf({ createdAt: all[0]!.createdAt, id: taskId(0xffffff) }), 0],
        [placeOf(middle), 31],
        [placeOf({ createdAt: all[59]!.createdAt, id: taskId(0) }), 60],
        [placeOf({ createdAt: oldest, id: taskId(0xffffff) }), 60],
      ];
      for (const [after, index] of positions) {
        const page = await tasks().list(owner.id, aQuery({ after }));
        expect(page).to.deep.equal({
          tasks: all.slice(index),
          next: null,
          total: null,
          revision: 60,
        });
      }
    });

    it('given another limit for each page: the pages have every task once', async () => {
      const first = await tasks().list(owner.id, aQuery({ limit: 7 }));
      const second = await tasks().list(owner.id, aQuery({ limit: 11, after: first.next }));
      const third = await tasks().list(owner.id, aQuery({ after: second.next }));
      expect([first, second, third].flatMap((page) => page.tasks)).to.deep.equal(all);
    });
  });

  it('given writes between pages: skips and repeats no task', async () => {
    const owner = anOwner();
    const permanent = await addShuffled(owner, 30);
    const temporary = await inBatches(10, numbers(40), (n) =>
      tasks().add(owner, aTask({ createdAt: instant((n % 10) * 1_800_000) })),
    );
    let rounds = 0;
    const write = async () => {
      rounds += 1;
      const removed = temporary.slice((rounds - 1) * 3, rounds * 3);
      await Promise.all([
        ...removed.map((task) => tasks().remove(owner, task.id, instant(1))),
        tasks().add(owner, aTask({ createdAt: instant(rounds * 1_000_000) })),
        tasks().add(owner, aTask({ createdAt: instant(-rounds) })),
      ]);
    };
    const permanentIds = new Set(permanent.map((task) => task.id));
    for (const limit of [3, 5]) {
      const found = (await readPages(tasks(), owner.id, aQuery({ limit }), write)).flatMap(
        (page) => page.tasks,
      );
      expect(found).to.deep.equal(found.toSorted(newestFirst));
      expect(new Set(found.map((task) => task.id)).size).to.equal(found.length);
      expect(found.filter((task) => permanentIds.has(task.id))).to.deep.equal(permanent);
    }
    expect(rounds).to.be.greaterThan(10);
  });

  it('given writes during the reads of pages: skips and repeats no task', async () => {
    const owner = anOwner();
    const permanent = await addShuffled(owner, 30);
    let reading = true;
    const write = async (writer: number) => {
      for (let n = writer; reading; n += 1) {
        const task = await tasks().add(owner, aTask({ createdAt: instant((n % 50) * 400_000) }));
        await tasks().remove(owner, task.id, instant(1));
      }
    };
    const writers = [1, 20, 40].map(write);
    try {
      const permanentIds = new Set(permanent.map((task) => task.id));
      for (const limit of [1, 2, 7]) {
        const found = (await readPages(tasks(), owner.id, aQuery({ limit }))).flatMap((page) => page.tasks);
        expect(new Set(found.map((task) => task.id)).size).to.equal(found.length);
        expect(found.filter((task) => permanentIds.has(task.id))).to.deep.equal(permanent);
      }
    } finally {
      reading = false;
      await Promise.all(writers);
    }
  });

  it('given that the last task of a page was removed: the next page starts after it', async () => {
    const owner = anOwner();
    const all = await addShuffled(owner, 5);
    const page = await tasks().list(owner.id, aQuery({ limit: 2 }));
    await tasks().remove(owner, all[1]!.id, instant(1));
    const rest = await tasks().list(owner.id, aQuery({ after: page.next }));
    expect(rest.tasks).to.deep.equal(all.slice(2));
  });

  it('given an empty page: it has the current revision', async () => {
    const owner = anOwner();
    const empty = (n: number) => ({ tasks: [], next: null, total: null, revision: revision(n) });
    expect(await tasks().list(owner.id, aQuery())).to.deep.equal(empty(0));
    const task = await tasks().add(owner, aTask());
    expect(await tasks().list(owner.id, aQuery({ status: 'completed' }))).to.deep.equal(empty(1));
    expect(await tasks().list(owner.id, aQuery({ after: placeOf(task) }))).to.deep.equal(empty(1));
    await tasks().remove(owner, task.id, instant(1));
    for (const status of ['all', 'pending', 'completed'] as const)
      expect(await tasks().list(owner.id, aQuery({ status }))).to.deep.equal(empty(2));
  });

  it('given a completed task: moves it from the pending to the completed list', async () => {
    const owner = anOwner();
    const task = await tasks().add(owner, aTask());
    const count = async (status: TaskFilter['status']) =>
      (await tasks().list(owner.id, aQuery({ status }))).tasks.length;
    expect([await count('all'), await count('pending'), await count('completed')]).to.deep.equal([1, 1, 0]);
    await tasks().change(owner, task.id, { completed: true }, instant(1));
    expect([await count('all'), await count('pending'), await count('completed')]).to.deep.equal([1, 0, 1]);
  });

  it('given 1500 tasks: returns pages of 1000 and 500', async () => {
    const owner = anOwner();
    await inBatches(50, numbers(1500), (n) => tasks().add(owner, aTask({ createdAt: instant(n % 400) })));
    const found = await readPages(tasks(), owner.id, aQuery());
    expect(found.map((page) => page.tasks.length)).to.deep.equal([1000, 500]);
    const listed = found.flatMap((page) => page.tasks);
    expect(listed).to.deep.equal(listed.toSorted(newestFirst));
    expect(new Set(listed.map((task) => task.id)).size).to.equal(1500);
    expect(new Set(listed.map((task) => task.revision)).size).to.equal(1500);
  });
};

const newestFirst = (a: Task, b: Task): number =>
  a.createdAt === b.createdAt ? compare(b.id, a.id) : compare(b.createdAt, a.createdAt);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
