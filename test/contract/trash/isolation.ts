import { expect } from 'chai';
import type { TrashTests } from '../trash.ts';
import { anOwner, aTask, instant, revision } from '../../support/tasks/tasks.ts';
import { aTrashQuery, readTrash } from '../../support/tasks/trash.ts';

export const trashIsolationTests: TrashTests = (tasks, trash) => {
  const withTrash = async () => {
    const user = anOwner();
    const { id } = await tasks().add(user, aTask());
    await tasks().remove(user, id, instant(1));
    return { user, id, trashed: await readTrash(trash(), user.id) };
  };

  it("given another user: lists, restores and purges nothing of the owner's", async () => {
    const { user, id, trashed } = await withTrash();
    const other = await withTrash();
    expect(await trash().list(other.user.id, aTrashQuery())).to.deep.equal({
      tasks: other.trashed,
      next: null,
    });
    for (const expected of [undefined, [], [revision(2)]])
      expect(await trash().restore(other.user, id, instant(2), expected)).to.deep.equal({
        outcome: 'missing',
      });
    expect(await trash().purge(other.user.id, id)).to.be.false;
    await trash().purgeAll(other.user.id);
    expect(await readTrash(trash(), user.id)).to.deep.equal(trashed);
  });

  it('given two users with the same task id: each has their own', async () => {
    const [one, other] = [anOwner(), anOwner()];
    const given = aTask();
    for (const user of [one, other]) {
      await tasks().add(user, given);
      await tasks().remove(user, given.id, instant(1));
    }
    expect(await trash().restore(one, given.id, instant(2))).to.include({ outcome: 'restored' });
    expect((await readTrash(trash(), other.id)).map(({ owner }) => owner)).to.deep.equal([other.id]);
    expect(await tasks().find(other.id, given.id)).to.be.null;
  });
};
