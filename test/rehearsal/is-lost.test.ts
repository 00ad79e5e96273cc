import { expect } from 'chai';
import type { KnownTask } from '../faults/clients/ledger.ts';
import type { TaskJson } from '../faults/clients/reads.ts';
import { isLost } from './is-lost.ts';

describe('isLost', () => {
  const there: TaskJson = { id: 'a', title: 'A', completed: false, revision: 3 };
  const known: KnownTask = { ...there, isDeleted: false, uncertain: null };

  const cases: readonly (readonly [string, Partial<KnownTask>, Partial<TaskJson> | null, boolean])[] = [
    ['an unchanged task', {}, {}, false],
    ['a missing task', {}, null, true],
    ['an older revision', {}, { revision: 2 }, true],
    ['a revision that no request explains', {}, { revision: 4 }, true],
    ['another title', {}, { title: 'B' }, true],
    ['another completion', {}, { completed: true }, true],
    ['a deleted task that is missing', { isDeleted: true }, null, false],
    ['a deleted task that is stored', { isDeleted: true }, {}, true],
    ['an uncertain change and the old task', { uncertain: 'change' }, {}, false],
    ['an uncertain change and a later revision', { uncertain: 'change' }, { revision: 4, title: 'B' }, false],
    ['an uncertain change and an older revision', { uncertain: 'change' }, { revision: 2 }, true],
    ['an uncertain change and a missing task', { uncertain: 'change' }, null, true],
    ['an uncertain deletion and a missing task', { uncertain: 'delete' }, null, false],
    ['an uncertain deletion and a stored task', { uncertain: 'delete' }, {}, false],
  ];
  for (const [name, knownAs, found, lost] of cases)
    it(`given ${name}: ${lost ? '' : 'not '}lost`, () => {
      expect(isLost({ ...known, ...knownAs }, found === null ? undefined : { ...there, ...found })).to.equal(
        lost,
      );
    });
});
