import { expect } from 'chai';
import type { TrashTests } from '../trash.ts';
import { numbers } from '../../support/in-batches.ts';
import { anOwner, aQuery, aTask, instant, revision } from '../../support/tasks/tasks.ts';
import { readTrash } from '../../support/tasks/trash.ts';

export const trashRaceTests: TrashTests = (tasks, trash) => {
  const withTrash = async () => {
    const user = anOwner();
    const { id } = await tasks().add(user, aTask());
    await tasks().remove(user, id, instant(1));
    return { user, id };
  };
  const countOf = (outcome: string, results: readonly { readonly outcome: string }[]): number =>
    results.filter((result) => result.outcome === outcome).length;

  for (const expected of [undefined, [revision(2)]])
    it(`given 12 concurrent restorations${expected ? ' that expect the same revision' : ''}: one restores, the others return missing`, async () => {
      const { user, id } = await withTrash();
      const results = await Promise.all(
        numbers(12).map((n) => trash().restore(user, id, instant(n), expected)),
      );
      expect(countOf('restored', results)).to.equal(1);
      expect(countOf('missing', results)).to.equal(11);
      expect(await readTrash(trash(), user.id)).to.deep.equal([]);
    });

  it('given concurrent restorations and purges: one of them succeeds, and the task is where it says', async () => {
    for (const round of numbers(5)) {
      const { user, id } = await withTrash();
      const [purged, restored] = await Promise.all([
        Promise.all(numbers(4).map(() => trash().purge(user.id, id))),
        Promise.all(numbers(4).map(() => trash().restore(user, id, instant(round)))),
      ]);
      const isRestored = countOf('restored', restored) === 1;
      expect(purged.filter((one) => one)).to.have.length(isRestored ? 0 : 1);
      expect((await tasks().find(user.id, id)) !== null).to.equal(isRestored);
      expect(await readTrash(trash(), user.id)).to.deep.equal([]);
    }
  });

  it('given concurrent purges of all: none fails, and nothing is left', async () => {
    const user = anOwner();
    for (const n of numbers(20)) {
      const { id } = await tasks().add(user, aTask());
      await tasks().remove(user, id, instant(n));
    }
    await Promise.all(numbers(5).map(() => trash().purgeAll(user.id)));
    expect(await readTrash(trash(), user.id)).to.deep.equal([]);
  });

  it('given concurrent deletions and restorations of one task: it is in one place, and revisions never repeat', async () => {
    const { user, id } = await withTrash();
    const results = await Promise.all(
      numbers(20).map((n) =>
        n % 2 === 0 ? trash().restore(user, id, instant(n)) : tasks().remove(user, id, instant(n)),
      ),
    );
    const restored = results.flatMap((one) => (one.outcome === 'restored' ? [one.task.revision] : []));
    expect(new Set(restored).size).to.equal(restored.length);
    const isInList = (await tasks().list(user.id, aQuery())).tasks.length === 1;
    expect(await readTrash(trash(), user.id)).to.have.length(isInList ? 0 : 1);
    expect(restored.length - countOf('removed', results)).to.equal(isInList ? 1 : 0);
  });
};
