import { expect } from 'chai';
import type { KnownTask } from '../faults/clients/ledger.ts';
import type { TaskJson } from '../faults/clients/reads.ts';
import { isLost } from './is-lost.ts';

describe('a task after a rehearsal', () => {
  const there: TaskJson = { id: 'a', title: 'A', completed: false, revision: 3 };
  const known: KnownTask = { ...there, isDeleted: false, uncertain: null };

  const cases: readonly (readonly [string, Partial<KnownTask>, Partial<TaskJson> | null, boolean])[] = [
    ['as it was acknowledged', {}, {}, false],
    ['missing', {}, null, true],
    ['with an older revision', {}, { revision: 2 }, true],
    ['with a revision that no request asked for', {}, { revision: 4 }, true],
    ['with another title', {}, { title: 'B' }, true],
    ['with another completion', {}, { completed: true }, true],
    ['deleted, and missing', { isDeleted: true }, null, false],
    ['deleted, and there', { isDeleted: true }, {}, true],
    ['perhaps changed, as before', { uncertain: 'change' }, {}, false],
    ['perhaps changed, with a later revision', { uncertain: 'change' }, { revision: 4, title: 'B' }, false],
    ['perhaps changed, with an older revision', { uncertain: 'change' }, { revision: 2 }, true],
    ['perhaps changed, and missing', { uncertain: 'change' }, null, true],
    ['perhaps deleted, and missing', { uncertain: 'delete' }, null, false],
    ['perhaps deleted, and there', { uncertain: 'delete' }, {}, false],
  ];
  for (const [name, knownAs, found, lost] of cases)
    it(`given ${name}, is ${lost ? '' : 'not '}lost`, () => {
      expect(isLost({ ...known, ...knownAs }, found === null ? undefined : { ...there, ...found })).to.equal(
        lost,
      );
    });
});
