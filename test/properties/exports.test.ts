import { expect } from 'chai';
import fc from 'fast-check';
import { TaskholdError } from '../../src/domain/errors.ts';
import { exportedStore } from '../support/exports/exported-store.ts';
import { idsOf, readExport } from '../support/exports/read-export.ts';

describe('an export while tasks are deleted and restored', () => {
  it('given tasks deleted and restored in any order, at any time: each in one section at least, unless revision_expired', async function () {
    this.timeout(60_000);
    // Few tasks of each page, so that one task is often moved several times.
    const task = fc.constantFrom(0, 1, 64, 128, 129, 130, 131, 194, 258, 259);
    const moves = fc.array(fc.record({ task, at: fc.nat(10) }), { minLength: 1, maxLength: 20 });
    let complete = 0;
    await fc.assert(
      fc.asyncProperty(moves, async (planned) => {
        const { begin, kept, trashed, remove, restore } = await exportedStore(130, 130);
        const all = [...kept, ...trashed];
        const exported = readExport(begin(), async (_, index) => {
          for (const { task } of planned.filter(({ at }) => at === index)) {
            const moved = await remove(all[task]!);
            if (moved.outcome !== 'removed') await restore(all[task]!);
          }
        });
        const { tasks, trash } = await exported.catch((error: unknown) => {
          if (error instanceof TaskholdError && error.code === 'revision_expired')
            return { tasks: null, trash: [] };
          throw error;
        });
        if (tasks === null) return;
        complete += 1;
        const found = new Set([...idsOf(tasks), ...idsOf(trash)]);
        expect(all.filter((id) => !found.has(id))).to.deep.equal([]);
        expect(new Set(idsOf(tasks))).to.have.property('size', tasks.length);
        expect(new Set(idsOf(trash))).to.have.property('size', trash.length);
      }),
      { numRuns: 100 },
    );
    expect(complete).to.be.above(20);
  });
});
