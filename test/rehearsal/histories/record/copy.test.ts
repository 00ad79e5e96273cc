import { expect } from 'chai';
import { createCopy, type ChangesPage } from './copy.ts';

const task = (id: string, revision: number) => ({ id, title: id, completed: false, revision });

const change = (id: string, revision: number): ChangesPage['changes'][number] => ({
  id,
  revision,
  task: task(id, revision),
});

const page = (revision: number, changes: ChangesPage['changes'], hasMore = false): ChangesPage => ({
  changes,
  revision,
  has_more: hasMore,
});

const applied = (...pages: readonly ChangesPage[]) => {
  const copy = createCopy();
  for (const one of pages) copy.apply(one);
  return copy;
};

describe('createCopy', () => {
  it('given changes in order: it holds what the list shows', () => {
    const copy = applied(
      page(5, [change('a', 1), change('b', 3)], true),
      page(6, [change('c', 5), { id: 'a', revision: 6, task: null }]),
      page(8, []),
    );
    const list = ['b', 'c'].map((id, n) => [id, task(id, 3 + 2 * n)] as const);
    expect(copy).to.include({ since: 8, applied: 4 });
    expect(copy.violations).to.deep.equal([]);
    expect(copy.differencesFrom(new Map(list))).to.deep.equal([]);
  });

  it('given more changes: it goes on from the last one', () => {
    expect(applied(page(5, [change('a', 1)], true)).since).to.equal(1);
  });

  const faulty: Record<string, [pages: readonly ChangesPage[], violation: string]> = {
    'a change that comes twice': [
      [page(1, [change('a', 1)]), page(1, [change('a', 1)])],
      'change 1 comes after 1',
    ],
    'changes out of order': [[page(2, [change('a', 2), change('b', 1)])], 'change 1 comes after 2'],
    'a change below the counter that was seen': [
      [page(5, [change('a', 1)]), page(6, [change('b', 3)])],
      'change 3 comes after 5',
    ],
    'a counter that goes back': [[page(5, []), page(4, [])], 'the counter is 4 after 5'],
    'a change above the counter': [[page(1, [change('a', 2)])], 'change 2 is above the counter 1'],
    'a change with another task': [
      [page(2, [{ ...change('a', 1), revision: 2 }])],
      'change 2 has a task of revision 1',
    ],
  };
  for (const [name, [pages, violation]] of Object.entries(faulty))
    it(`given ${name}: a violation`, () => {
      expect(applied(...pages).violations).to.deep.equal([violation]);
    });

  it('given a skipped, an outdated and a deleted task: three differences', () => {
    const copy = applied(page(2, [change('a', 1), change('b', 2)]));
    const list = new Map([task('a', 3), task('c', 4)].map((one) => [one.id, one]));
    expect(copy.differencesFrom(list)).to.have.length(3);
  });
});
