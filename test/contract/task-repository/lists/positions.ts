import { expect } from 'chai';
import {
  comparePositions,
  positionOf,
  type OrderBy,
  type Position,
  type TaskOrder,
} from '../../../../src/domain/task-order.ts';
import type { Task } from '../../../../src/domain/task.ts';
import type { User } from '../../../../src/domain/user.ts';
import { inBatches, numbers } from '../../../support/in-batches.ts';
import { orders, readPages } from '../../../support/tasks/lists.ts';
import {
  anOwner,
  aQuery,
  aTask,
  dueDate,
  instant,
  newTaskId,
  oldest,
  searchText,
  tags,
  taskId,
  title,
  youngest,
} from '../../../support/tasks/tasks.ts';
import type { ContractTests } from '../../task-repository.ts';

/** Fields with few values, so that many tasks are equal in every order. */
const fieldsOf = (n: number) => ({
  title: title(['Milk', 'milk', 'Milk 2', '\u00d6l', 'milk 😀', 'milk \ufffd'][n % 6]!),
  priority: (['low', 'medium', 'high'] as const)[n % 3]!,
  dueDate: [null, dueDate('2026-11-30'), dueDate('2026-11-30T00:00Z'), dueDate('2026-12-01')][n % 4]!,
  createdAt: instant((n * 7) % 5),
});

/** Values that tasks can have, and values that no task has. */
const values: Readonly<Record<OrderBy, readonly (string | null)[]>> = {
  createdAt: [],
  updatedAt: [oldest, ...numbers(9).map(instant), youngest],
  title: [
    ...['!', 'milk 1', 'milk 2', '\u00f6l', 'p', '\u{10ffff}'].map((text) => `${text}\0${text}`),
    ...['!', 'Milk', 'N', 'milk', '\u{10ffff}'].map((text) => `milk\0${text}`),
  ],
  dueDate: [oldest, '2026-11-30T00:00:00.000Z', '2026-11-30T00:00:00.001Z', '2026-12-01T00:00:00.000Z', null],
  priority: ['1', '2', '3'],
};

export const positionTests: ContractTests = (tasks) => {
  /** Adds tasks, of which some have been changed later than they were created. */
  const add = async (owner: User, count: number): Promise<readonly Task[]> => {
    const added = await inBatches(10, numbers(count), (n) => tasks().add(owner, aTask(fieldsOf(n))));
    await inBatches(10, added.slice(count / 2), ({ id }) => tasks().change(owner, id, {}, instant(6)));
    return added;
  };

  const expectAscending = (order: TaskOrder, found: readonly Task[]): void => {
    const compare = comparePositions(order);
    const positions = found.map((task) => positionOf(task, order));
    for (const [n, position] of positions.slice(1).entries())
      expect(compare(positions[n]!, position), `${n}`).to.be.below(0);
  };

  describe('given a list that nobody changes', () => {
    const owner = anOwner();
    before(() => add(owner, 24));

    for (const order of orders) {
      const name = `${order.by}, ${order.direction}`;

      it(`given pages by ${name}: they have every task once, in order`, async () => {
        const { tasks: all } = await tasks().list(owner.id, aQuery({ order }));
        expect(all).to.have.length(24);
        expectAscending(order, all);
        for (const limit of [1, 2, 7, 23, 24]) {
          const pages = await readPages(tasks(), owner.id, aQuery({ order, limit }));
          expect(pages.flatMap((page) => page.tasks)).to.deep.equal(all);
          expect(pages).to.have.length(Math.ceil(24 / limit));
          for (const { next, tasks: page } of pages.slice(0, -1))
            expect(next).to.deep.equal(positionOf(page.at(-1)!, order));
        }
      });

      it(`given pages of a filter by ${name}: they have every such task once, in order`, async () => {
        const filter = { search: searchText('milk'), priorities: ['low', 'high'] } as const;
        const { tasks: all } = await tasks().list(owner.id, aQuery({ ...filter, order }));
        expect(all).to.have.length(12);
        expectAscending(order, all);
        for (const limit of [1, 3]) {
          const pages = await readPages(tasks(), owner.id, aQuery({ ...filter, order, limit }));
          expect(pages.flatMap((page) => page.tasks)).to.deep.equal(all);
        }
      });

      it(`given positions by ${name}, most of them without a task: lists the tasks behind them`, async () => {
        const { tasks: all } = await tasks().list(owner.id, aQuery({ order }));
        const compare = comparePositions(order);
        for (const createdAt of [oldest, instant(2), youngest])
          for (const id of [taskId(0), all[11]!.id, taskId(0xffffffffffff)])
            for (const value of order.by === 'createdAt' ? [createdAt] : values[order.by]) {
              const after: Position = { value, createdAt, id };
              const behind = all.filter((task) => compare(after, positionOf(task, order)) < 0);
              const page = await tasks().list(owner.id, aQuery({ order, after }));
              expect(page.tasks, JSON.stringify(after)).to.deep.equal(behind);
              expect(page.next).to.be.null;
            }
      });
    }
  });

  for (const order of orders)
    it(`given writes between pages by ${order.by}, ${order.direction}: skips and repeats no task that keeps its place`, async () => {
      const owner = anOwner();
      await add(owner, 16);
      const { tasks: permanent } = await tasks().list(owner.id, aQuery({ order }));
      const permanentIds = permanent.map(({ id }) => id);

      for (const limit of [1, 2, 7]) {
        const removed = await inBatches(8, numbers(8), (n) => tasks().add(owner, aTask(fieldsOf(n))));
        const moved = await inBatches(8, numbers(8), (n) => tasks().add(owner, aTask(fieldsOf(n))));
        const added: Task[] = [];
        let round = 0;
        const write = async (): Promise<void> => {
          const n = (round += 1);
          if (n > 12) return; // else the tasks that are added could go on for ever
          const [toRemove, toMove, kept] = [removed[n % 8]!, moved[n % 8]!, permanent[n]!];
          const [one] = await Promise.all([
            tasks().add(owner, aTask({ ...fieldsOf(n * 5), id: newTaskId() })),
            tasks().remove(owner, toRemove.id, instant(1)),
            tasks().change(owner, toMove.id, fieldsOf(n * 11), instant(n % 9)),
            // The time of the last change does not go back.
            tasks().change(owner, kept.id, { completed: 'toggle', tags: tags(`round ${n}`) }, oldest),
          ]);
          added.push(one);
        };
        const pages = await readPages(tasks(), owner.id, aQuery({ order, limit }), write);
        const found = pages.flatMap((page) => page.tasks);
        expectAscending(order, found);
        const ids = found.map(({ id }) => id);
        expect(ids.filter((id) => permanentIds.includes(id))).to.deep.equal(permanentIds);
        const rest = [...removed, ...moved, ...added];
        await inBatches(10, rest, ({ id }) => tasks().remove(owner, id, instant(1)));
      }
    });

  it('given that the last task of a page moves: the next page goes on from where it was', async () => {
    const owner = anOwner();
    const add = (text: string) => tasks().add(owner, aTask({ title: title(text) }));
    const [a, , c, d] = [await add('a'), await add('b'), await add('c'), await add('d')];
    const order = { by: 'title', direction: 'asc' } as const;
    const page = await tasks().list(owner.id, aQuery({ order, limit: 2 }));
    const last = page.tasks.at(-1)!;
    const changed = await tasks().change(owner, last.id, { title: title('e') }, instant(1));
    await tasks().remove(owner, a.id, instant(1));
    const rest = await tasks().list(owner.id, aQuery({ order, after: page.next }));
    expect(rest.tasks).to.deep.equal([c, d, changed.outcome === 'changed' ? changed.task : null]);
  });
};
