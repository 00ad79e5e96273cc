import { expect } from 'chai';
import { positionOf, type TaskOrder } from '../../../../src/domain/task-order.ts';
import type { Task } from '../../../../src/domain/task.ts';
import { numbers } from '../../../support/in-batches.ts';
import { readPages } from '../../../support/tasks/lists.ts';
import { anOwner, aQuery, aTask, instant, searchText, title } from '../../../support/tasks/tasks.ts';
import type { ContractTests } from '../../task-repository.ts';

const byTitle: TaskOrder = { by: 'title', direction: 'asc' };
const newestFirst: TaskOrder = { by: 'createdAt', direction: 'desc' };

export const offsetTests: ContractTests = (tasks) => {
  const owner = anOwner();
  before(async () => {
    for (const n of numbers(12)) {
      const fields = { title: title(`${'abc'[n % 3]!} ${n}`), completed: n < 4, createdAt: instant(n) };
      await tasks().add(owner, aTask(fields));
    }
  });

  for (const [what, query] of [
    ['the default list', { order: newestFirst }],
    ['a list by title', { order: byTitle }],
    ['a list of one status', { order: newestFirst, status: 'pending' }],
    ['a list of a search by title', { order: byTitle, search: searchText('A') }],
  ] as const) {
    const list = async (page: Partial<Parameters<typeof aQuery>[0]>) =>
      tasks().list(owner.id, aQuery({ ...query, ...page }));

    const expectPage = async (all: readonly Task[], offset: number, limit: number) => {
      const page = await list({ offset, limit });
      expect(page.tasks).to.deep.equal(all.slice(offset, offset + limit));
      const last = page.tasks.at(-1);
      expect(page.next).to.deep.equal(
        offset + limit < all.length && last ? positionOf(last, query.order) : null,
      );
      expect(page.revision).to.equal(12);
    };

    it(`given ${what} and an offset: passes over that many tasks`, async () => {
      const { tasks: all } = await list({});
      for (const offset of numbers(14)) await expectPage(all, offset, 1000);
    });

    it(`given ${what}, an offset and a limit: lists that many tasks behind the offset`, async () => {
      const { tasks: all } = await list({});
      for (const offset of numbers(14)) for (const limit of [1, 2, 5]) await expectPage(all, offset, limit);
    });

    it(`given ${what} and an offset beyond the end: an empty last page`, async () => {
      for (const offset of [13, 100_000, 100_000_000])
        for (const limit of [1, 1000])
          expect(await list({ offset, limit })).to.deep.include({ tasks: [], next: null, total: null });
    });

    it(`given ${what}, an offset and a position: passes over that many tasks behind the position`, async () => {
      const { tasks: all } = await list({});
      for (const at of [0, 2])
        for (const offset of numbers(4)) {
          const page = await list({ after: positionOf(all[at]!, query.order), offset, limit: 2 });
          expect(page.tasks).to.deep.equal(all.slice(at + 1 + offset, at + 3 + offset));
        }
    });

    it(`given ${what}: the next position of a page with an offset leads to the rest`, async () => {
      const { tasks: all } = await list({});
      const first = await list({ offset: 1, limit: 2 });
      const pages = await readPages(tasks(), owner.id, aQuery({ ...query, limit: 3, after: first.next }));
      expect([first, ...pages].flatMap((page) => page.tasks)).to.deep.equal(all.slice(1));
    });
  }
};
