import { expect } from 'chai';
import { tasksOf } from '../../../support/http/response-schemas.ts';
import { describeOnEachStore, urlSchemes } from '../../../support/http/suites.ts';
import { allPages, nextParametersOf, titlesOf } from '../../../support/tasks/list-answers.ts';
import { kept } from '../../../support/tasks/task-requests.ts';
import type { User } from '../../../support/http/service.ts';

/** From the oldest to the newest. The second one is changed last. */
const drafts = [
  { title: 'banana', priority: 'high', due_date: '2026-12-01' },
  { title: 'Apple', priority: 'low', due_date: '2026-11-30T08:00:00Z' },
  { title: 'apple', priority: 'medium' },
  { title: 'cherry', priority: 'high', due_date: '2026-11-30' },
];
const newest = ['cherry', 'apple', 'Apple', 'banana'];
const oldest = newest.toReversed();
const changed = ['Apple', 'cherry', 'apple', 'banana'];
const alphabetic = ['Apple', 'apple', 'banana', 'cherry'];
const soonest = ['cherry', 'Apple', 'banana', 'apple'];
const important = ['cherry', 'banana', 'apple', 'Apple'];

/** Equal priorities and due dates stay newest first, and tasks without a due date last, in both directions. */
const orders: readonly (readonly [query: string, titles: readonly string[]])[] = [
  ['sort_order=desc', newest],
  ['sort_order=asc', oldest],
  ['order=asc', oldest],
  ...['created_at', 'created', 'createdAt'].flatMap(
    (name) =>
      [
        [`sort_by=${name}`, newest],
        [`sort=${name}&sort_order=asc`, oldest],
      ] as const,
  ),
  ...['updated_at', 'updated', 'updatedAt'].flatMap(
    (name) =>
      [
        [`sort=${name}`, changed],
        [`sort_by=${name}&order=asc`, changed.toReversed()],
      ] as const,
  ),
  ['sort_by=title', alphabetic],
  ['sort=title&order=asc', alphabetic],
  ['sort_by=title&sort_order=desc', alphabetic.toReversed()],
  ...['due_date', 'due', 'dueDate'].flatMap(
    (name) =>
      [
        [`sort_by=${name}`, soonest],
        [`sort=${name}&order=desc`, ['banana', 'Apple', 'cherry', 'apple']],
      ] as const,
  ),
  ['sort_by=priority', important],
  ['sort_by=priority&sort_order=desc', important],
  ['sort_by=priority&sort_order=asc', ['Apple', 'apple', 'cherry', 'banana']],
  ['sort_by=title&priority=high', ['banana', 'cherry']],
  ['sort=due&q=a', ['Apple', 'banana', 'apple']],
];

/** Creates the tasks at different times, to the millisecond. */
const withDrafts = async (user: User): Promise<User> => {
  const tasks = [];
  for (const draft of drafts) {
    const task = await kept(user, draft);
    await untilLater(task.created_at);
    tasks.push(task);
  }
  await user.patch(`${user.lists.own}/${tasks[1]?.id ?? ''}`, { description: 'changed' });
  return user;
};

const untilLater = async (time: string): Promise<void> => {
  while (new Date().toISOString() <= time) await new Promise((resolve) => setImmediate(resolve));
};

describeOnEachStore('200 list, orders', (service) => {
  for (const [query, titles] of orders)
    it(`given ?${query}: ${titles.join(', ')}, also by pages`, async () => {
      const user = await withDrafts(await service().user());
      for (const scheme of urlSchemes) {
        const list = `${user.lists[scheme]}?${query}`;
        expect(titlesOf(await user.get(list)), scheme).to.deep.equal(titles);
        for (const limit of [1, 3]) {
          const pages = (await allPages(user, `${list}&limit=${limit}`)).flat();
          expect(
            pages.map(({ title }) => title),
            `${scheme}, ${limit}`,
          ).to.deep.equal(titles);
        }
      }
    });

  for (const by of ['title', 'due_date', 'priority', 'updated_at'])
    for (const order of ['asc', 'desc'])
      it(`given tasks changed, created and deleted while pages by ${by} ${order} are read: none is skipped or repeated`, async () => {
        const user = await service().user();
        const tasks = [];
        for (let n = 0; n < 9; n += 1)
          tasks.push(
            await kept(user, {
              title: `task ${n % 3}`,
              priority: ['low', 'high'][n % 2],
              due_date: [null, '2026-11-30', '2026-12-01'][n % 3],
            }),
          );
        const list = `${user.lists.own}?sort_by=${by}&sort_order=${order}&limit=2`;
        const first = await user.get(list);
        await user.delete(`${user.lists.own}/${tasksOf(first)[1]?.id ?? ''}`);
        await kept(user, { title: 'task 1', due_date: '2026-11-30' });
        const { cursor = '' } = nextParametersOf(first);
        const rest = (await allPages(user, `${list}&cursor=${cursor}`)).flat();
        const seen = [...tasksOf(first), ...rest].map(({ id }) => id);
        expect(new Set(seen).size).to.equal(seen.length);
        expect(seen).to.include.members(tasks.map(({ id }) => id));
      });

  it('given the longest titles: their cursors are accepted', async () => {
    const user = await service().user();
    const units = [
      ['\u{1f95b}', 200],
      ['\ufb2c', 200],
      ['\u0390', 200],
      ['a b ', 50],
    ] as const;
    for (const [unit, count] of [...units, ...units]) await kept(user, { title: unit.repeat(count) });
    const list = `${user.lists.own}?sort=title`;
    const pages = await allPages(user, `${list}&limit=1`);
    expect(pages.flat()).to.deep.equal(tasksOf(await user.get(list)));
    expect(pages).to.have.length(8);
  });
});
