import { expect } from 'chai';
import { directions, type OrderBy } from '../../../../src/domain/task-order.ts';
import { numbers } from '../../../support/in-batches.ts';
import { listedTitles, orders } from '../../../support/tasks/lists.ts';
import { anOwner, aQuery, aTask, dueDate, instant, taskId, title } from '../../../support/tasks/tasks.ts';
import type { ContractTests } from '../../task-repository.ts';

/** Titles in ascending order: by the code points of their folded form, then by their own. Those in one list fold alike. */
const titles: readonly (readonly string[])[] = [
  ['!'],
  ['1'],
  ['10'],
  ['2'],
  ['_'],
  ['A', 'a'],
  ['A B', 'a b'],
  ['a_'],
  ['AB', 'aB', 'ab'],
  ['b'],
  ['IRMAK', 'irmak'],
  ['k', '\u212a'],
  ['strasse'],
  ['STRA\u1e9eE', 'stra\u00dfe'],
  ['z'],
  ['a\u0308', '\u00c4', '\u00e4'],
  ['e\u0301x', '\u00c9x', '\u00e9x'],
  ['\u0130'],
  ['\u0131'],
  ['\u03a3', '\u03c2', '\u03c3'],
  ['\u042f', '\u044f'],
  ['買牛奶'],
  ['\ufb01'],
  ['\ufffd'],
  ['\u{10400}', '\u{10428}'],
  ['😀'],
  ['\u{10ffff}'],
];

export const orderTests: ContractTests = (tasks) => {
  /** Adds tasks in an order unrelated to that of the list, which is by the position in `fields`. */
  const addShuffled = async (fields: readonly Parameters<typeof aTask>[0][]) => {
    const owner = anOwner();
    const order = numbers(fields.length).toSorted((a, b) => ((a * 7) % 11) - ((b * 7) % 11));
    for (const n of order) await tasks().add(owner, aTask(fields[n]));
    return owner;
  };

  it('given titles: orders them by the code points of their folded form, and those that fold alike by their own', async () => {
    const owner = await addShuffled(titles.flat().map((text) => ({ title: title(text) })));
    const list = (direction: 'asc' | 'desc') =>
      listedTitles(tasks(), owner.id, aQuery({ order: { by: 'title', direction } }));
    expect(await list('asc')).to.deep.equal(titles.flat());
    expect(await list('desc')).to.deep.equal(titles.flat().toReversed());
  });

  it('given due dates: a date stands for its 00:00 UTC, and tasks without one come last in both directions', async () => {
    const dates = [
      ['1970-01-01'],
      ['2026-11-29T23:59:59.999Z'],
      ['2026-11-30', '2026-11-30T00:00:00.000Z'],
      ['2026-11-30T00:00:00.001Z'],
      ['2026-12-01'],
      ['9999-12-31T23:59:59.999Z'],
    ];
    const owner = await addShuffled([
      ...dates.flatMap((equal) =>
        equal.map((date, n) => ({ title: title(date), dueDate: dueDate(date), createdAt: instant(-n) })),
      ),
      { title: title('none, newer'), createdAt: instant(1) },
      { title: title('none, older'), createdAt: instant(0) },
    ]);
    const list = (direction: 'asc' | 'desc') =>
      listedTitles(tasks(), owner.id, aQuery({ order: { by: 'dueDate', direction } }));
    expect(await list('asc')).to.deep.equal([...dates.flat(), 'none, newer', 'none, older']);
    expect(await list('desc')).to.deep.equal([...dates.toReversed().flat(), 'none, newer', 'none, older']);
  });

  it('given priorities: orders them from low to high, or from high to low', async () => {
    const owner = await addShuffled([
      { title: title('low, newer'), priority: 'low', createdAt: instant(1) },
      { title: title('low, older'), priority: 'low', createdAt: instant(0) },
      { title: title('medium'), priority: 'medium', createdAt: instant(2) },
      { title: title('high'), priority: 'high', createdAt: instant(0) },
    ]);
    const list = (direction: 'asc' | 'desc') =>
      listedTitles(tasks(), owner.id, aQuery({ order: { by: 'priority', direction } }));
    expect(await list('asc')).to.deep.equal(['low, newer', 'low, older', 'medium', 'high']);
    expect(await list('desc')).to.deep.equal(['high', 'medium', 'low, newer', 'low, older']);
  });

  it('given times of creation and of changes: orders by the time that is asked for', async () => {
    const owner = anOwner();
    const add = (text: string, createdAt: number) =>
      tasks().add(owner, aTask({ title: title(text), createdAt: instant(createdAt) }));
    const [a, , c] = [await add('a', 1), await add('b', 2), await add('c', 3)];
    await tasks().change(owner, a.id, {}, instant(9));
    await tasks().change(owner, c.id, {}, instant(4));
    for (const [by, ascending] of [
      ['createdAt', ['a', 'b', 'c']],
      ['updatedAt', ['b', 'c', 'a']],
    ] as const) {
      const list = (direction: 'asc' | 'desc') =>
        listedTitles(tasks(), owner.id, aQuery({ order: { by, direction } }));
      expect(await list('asc')).to.deep.equal(ascending);
      expect(await list('desc')).to.deep.equal(ascending.toReversed());
    }
  });

  for (const order of orders)
    it(`given tasks that are equal by ${order.by}, ${order.direction}: newest first, and then by id, descending`, async () => {
      const isByCreation = order.by === 'createdAt';
      const owner = anOwner();
      const created = isByCreation ? [0, 0, 0, 0] : [2, 1, 1, 0];
      for (const n of [2, 0, 3, 1]) {
        const at = { createdAt: instant(created[n]!), id: taskId(10 - n) };
        const task = await tasks().add(owner, aTask(at));
        if (!isByCreation) await tasks().change(owner, task.id, {}, instant(5));
      }
      const { tasks: listed } = await tasks().list(owner.id, aQuery({ order }));
      expect(listed.map(({ id }) => id)).to.deep.equal([10, 9, 8, 7].map(taskId));
    });

  it('given a filter: orders the tasks that meet it', async () => {
    const fields = { completed: true, priority: 'high', dueDate: dueDate('2026-11-30') } as const;
    const owner = await addShuffled([
      { ...fields, title: title('a'), createdAt: instant(1), dueDate: dueDate('2026-11-29') },
      { ...fields, title: title('b'), createdAt: instant(2) },
      { title: title('c'), createdAt: instant(3) },
      { ...fields, title: title('d'), createdAt: instant(4), dueDate: dueDate('2026-12-01') },
    ]);
    for (const by of ['createdAt', 'updatedAt', 'title', 'dueDate'] satisfies OrderBy[])
      for (const direction of directions) {
        const query = aQuery({ status: 'completed', priorities: ['high'], order: { by, direction } });
        const ascending = ['a', 'b', 'd'];
        expect(await listedTitles(tasks(), owner.id, query), by).to.deep.equal(
          direction === 'asc' ? ascending : ascending.toReversed(),
        );
      }
  });
};
