import { expect } from 'chai';
import type { TaskFilter } from '../../../../src/domain/task-filter.ts';
import { numbers } from '../../../support/in-batches.ts';
import { orders, readPages } from '../../../support/tasks/lists.ts';
import {
  anOwner,
  aQuery,
  aTask,
  dueBound,
  dueDate,
  instant,
  searchText,
  tags,
  title,
} from '../../../support/tasks/tasks.ts';
import type { ContractTests } from '../../task-repository.ts';

const counted: readonly (readonly [what: string, filter: Partial<TaskFilter>, total: number])[] = [
  ['no filter', {}, 20],
  ['a status', { status: 'pending' }, 16],
  ['priorities', { priorities: ['high', 'low'] }, 10],
  ['a tag', { tag: tags('even')[0]! }, 10],
  ['several tags, of which a task has two', { tags: tags('even', 'all') }, 20],
  ['a due date', { dueFrom: dueBound('2026-11-30'), dueBefore: dueBound('2026-12-01') }, 5],
  ['a search', { search: searchText('MILK') }, 7],
  ['several filters', { status: 'pending', tag: tags('even')[0]!, search: searchText('milk') }, 3],
  ['a filter that no task meets', { search: searchText('bread') }, 0],
];

export const countTests: ContractTests = (tasks) => {
  const owner = anOwner();
  before(async () => {
    for (const n of numbers(20))
      for (const user of [owner, anOwner()])
        await tasks().add(
          user,
          aTask({
            title: title(n % 3 === 0 ? 'Milk' : 'Juice'),
            completed: n < 4,
            priority: n % 2 === 0 ? 'medium' : 'high',
            tags: n % 2 === 0 ? tags('all', 'even') : tags('all'),
            dueDate: n < 5 ? dueDate('2026-11-30') : null,
            createdAt: instant(n % 7),
          }),
        );
  });

  for (const [what, filter, total] of counted) {
    it(`given ${what}: counts the tasks of the user that meet it, whatever the page`, async () => {
      for (const page of [{}, { limit: 1 }, { offset: 3, limit: 2 }, { offset: 100_000 }])
        expect(await tasks().list(owner.id, aQuery({ ...filter, ...page, count: true }))).to.include({
          total,
        });
    });

    it(`given ${what} and pages of any order: every page has the same count`, async () => {
      for (const order of orders) {
        const pages = await readPages(tasks(), owner.id, aQuery({ ...filter, order, limit: 6, count: true }));
        expect(pages.map((page) => page.total)).to.deep.equal(pages.map(() => total));
        expect(pages.flatMap((page) => page.tasks)).to.have.length(total);
      }
    });

    it(`given ${what} without a request to count: no count`, async () => {
      for (const page of [{}, { limit: 1 }, { offset: 1 }])
        expect(await tasks().list(owner.id, aQuery({ ...filter, ...page }))).to.include({ total: null });
    });
  }

  it('given a user without tasks: counts 0', async () => {
    const query = aQuery({ count: true });
    const user = anOwner();
    expect(await tasks().list(user.id, query)).to.include({ total: 0, revision: 0 });
    const task = await tasks().add(user, aTask());
    expect(await tasks().list(user.id, query)).to.include({ total: 1, revision: 1 });
    await tasks().remove(user, task.id, instant(1));
    expect(await tasks().list(user.id, query)).to.include({ total: 0, revision: 2 });
  });

  it('given writes at the same time: the count is that of the moment at which the tasks were read', async () => {
    const user = anOwner();
    let reading = true;
    const write = async () => {
      while (reading) {
        const added = await Promise.all(numbers(3).map(() => tasks().add(user, aTask())));
        await Promise.all(added.map(({ id }) => tasks().remove(user, id, instant(1))));
      }
    };
    const writing = write();
    try {
      for (const query of [aQuery({ count: true }), aQuery({ count: true, status: 'pending' })])
        for (let n = 0; n < 10; n += 1) {
          const page = await tasks().list(user.id, query);
          expect(page.total).to.equal(page.tasks.length);
        }
    } finally {
      reading = false;
      await writing;
    }
  });
};
