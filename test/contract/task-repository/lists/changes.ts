import { expect } from 'chai';
import type { TaskFilter } from '../../../../src/domain/task-filter.ts';
import type { OrderBy } from '../../../../src/domain/task-order.ts';
import type { Task, TaskChange } from '../../../../src/domain/task.ts';
import type { User } from '../../../../src/domain/user.ts';
import { numbers } from '../../../support/in-batches.ts';
import { listedTitles } from '../../../support/tasks/lists.ts';
import {
  anOwner,
  aQuery,
  aTask,
  description,
  dueBound,
  dueDate,
  instant,
  searchText,
  tags,
  title,
} from '../../../support/tasks/tasks.ts';
import type { ContractTests } from '../../task-repository.ts';

const before = {
  title: title('Old MILK'),
  description: description('old b\u00c9er'),
  priority: 'medium',
  dueDate: dueDate('2026-11-30'),
  tags: tags('old', 'kept'),
} as const;

/** Changes, with filters that the task meets before and after them. */
const moves: readonly (readonly [
  what: string,
  change: TaskChange,
  old: readonly Partial<TaskFilter>[],
  now: readonly Partial<TaskFilter>[],
])[] = [
  [
    'the title',
    { title: title('New BREAD') },
    [{ search: searchText('old milk') }],
    [{ search: searchText('new bread') }, { search: searchText('b\u00e9er') }],
  ],
  [
    'the description',
    { description: description('new WINE') },
    [{ search: searchText('be\u0301er') }],
    [{ search: searchText('wine') }, { search: searchText('milk') }],
  ],
  [
    'the description to null',
    { description: null },
    [{ search: searchText('b\u00e9er') }],
    [{ search: searchText('milk') }],
  ],
  [
    'title and description, which change places',
    { title: title(before.description), description: description(`${before.title}!`) },
    [],
    [{ search: searchText('milk!') }, { search: searchText('b\u00e9er') }],
  ],
  [
    'the priority',
    { priority: 'high' },
    [{ priorities: ['low', 'medium'] }],
    [{ priorities: ['high'] }, { search: searchText('milk') }],
  ],
  [
    'the due date',
    { dueDate: dueDate('2026-12-01T08:00Z') },
    [{ dueBefore: dueBound('2026-12-01') }],
    [{ dueFrom: dueBound('2026-12-01T08:00Z') }],
  ],
  ['the due date to null', { dueDate: null }, [{ dueFrom: dueBound('1970-01-01') }], [{}]],
  [
    'the tags',
    { tags: tags('kept', 'new') },
    [{ tag: tags('old')[0]! }, { tags: tags('old') }],
    [{ tag: tags('kept')[0]! }, { tag: tags('new')[0]! }, { tags: tags('old', 'new') }],
  ],
  ['the tags to none', { tags: [] }, [{ tag: tags('kept')[0]! }], [{}]],
  ['completed', { completed: 'toggle' }, [{ status: 'pending' }], [{ status: 'completed' }]],
  [
    'no field',
    {},
    [],
    [{ search: searchText('old milk') }, { search: searchText('b\u00e9er') }, { tag: tags('old')[0]! }],
  ],
];

/** Changes that move the task from the place before the other one to the place after it. */
const reorders: readonly (readonly [by: OrderBy, change: TaskChange])[] = [
  ['title', { title: title('\u00d6l') }],
  ['dueDate', { dueDate: dueDate('2027-01-01') }],
  ['dueDate', { dueDate: null }],
  ['priority', { priority: 'high' }],
  ['updatedAt', {}],
];

/** What a change of a task does to the lists in which it is. */
export const movingTests: ContractTests = (tasks) => {
  for (const [how, count] of [
    ['alone', 1],
    ['at the same time as other users', 6],
  ] as const) {
    const addFor = (users: readonly User[]) =>
      Promise.all(users.map((user) => tasks().add(user, aTask(before))));
    const changeAll = (added: readonly Task[], users: readonly User[], change: TaskChange) =>
      Promise.all(added.map(({ id }, n) => tasks().change(users[n]!, id, change, instant(2))));
    const numberOf = async (user: User, filter: Partial<TaskFilter>) =>
      (await listedTitles(tasks(), user.id, aQuery(filter))).length;

    for (const [what, change, old, now] of moves)
      it(`given a change of ${what} ${how}: the task moves to the lists of its new values`, async () => {
        const users = numbers(count).map(() => anOwner());
        const added = await addFor(users);
        for (const user of users)
          for (const filter of old) expect(await numberOf(user, filter), 'before').to.equal(1);
        await changeAll(added, users, change);
        for (const user of users) {
          for (const filter of old) expect(await numberOf(user, filter), 'the old list').to.equal(0);
          for (const filter of now) expect(await numberOf(user, filter), 'the new list').to.equal(1);
        }
      });

    for (const [by, change] of reorders)
      it(`given ${JSON.stringify(change)} ${how}: the task moves in the order by ${by}`, async () => {
        const users = numbers(count).map(() => anOwner());
        const added = await addFor(users);
        const others = await Promise.all(
          users.map(async (user) => {
            const fields = { title: title('p'), priority: 'high', dueDate: dueDate('2026-12-31') } as const;
            const other = await tasks().add(user, aTask({ ...fields, createdAt: instant(1) }));
            return other.id;
          }),
        );
        const order = { by, direction: 'asc' } as const;
        const ids = async (user: User) =>
          (await tasks().list(user.id, aQuery({ order }))).tasks.map(({ id }) => id);
        for (const [n, user] of users.entries())
          expect(await ids(user), 'before').to.deep.equal([added[n]!.id, others[n]]);
        await changeAll(added, users, change);
        for (const [n, user] of users.entries())
          expect(await ids(user), 'after').to.deep.equal([others[n], added[n]!.id]);
      });

    it(`given a removal ${how}: the task is in no list and in no count`, async () => {
      const users = numbers(count).map(() => anOwner());
      const added = await addFor(users);
      await Promise.all(added.map(({ id }, n) => tasks().remove(users[n]!, id, instant(1))));
      for (const user of users)
        for (const filter of [{}, { search: searchText('milk') }, { tag: tags('kept')[0]! }]) {
          const page = await tasks().list(user.id, aQuery({ ...filter, count: true }));
          expect(page).to.deep.include({ tasks: [], total: 0 });
        }
    });
  }
};
