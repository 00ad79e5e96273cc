import { expect } from 'chai';
import type { TrashTests } from '../trash.ts';
import { numbers } from '../../support/in-batches.ts';
import { anOwner, aQuery, aTask, instant, newTaskId } from '../../support/tasks/tasks.ts';
import { readTrash } from '../../support/tasks/trash.ts';

export const purgeTests: TrashTests = (tasks, trash) => {
  const setUp = async () => {
    const user = anOwner();
    const ids = [];
    for (const n of numbers(3)) {
      const { id } = await tasks().add(user, aTask());
      await tasks().remove(user, id, instant(n));
      ids.push(id);
    }
    const kept = await tasks().add(user, aTask());
    return { user, ids, kept };
  };
  const listed = async (user: ReturnType<typeof anOwner>) =>
    (await readTrash(trash(), user.id)).map(({ id }) => id);

  it('given a task in the trash: gone for good, the others stay, and no revision is taken', async () => {
    const { user, ids, kept } = await setUp();
    expect(await trash().purge(user.id, ids[1]!)).to.be.true;
    expect(await listed(user)).to.deep.equal([ids[2], ids[0]]);
    expect(await trash().purge(user.id, ids[1]!)).to.be.false;
    expect(await trash().restore(user, ids[1]!, instant(9))).to.deep.equal({ outcome: 'missing' });
    expect(await tasks().list(user.id, aQuery())).to.deep.include({ tasks: [kept], revision: 7 });
  });

  it('given a task that is not in the trash: false, and it stays', async () => {
    const { user, kept } = await setUp();
    expect(await trash().purge(user.id, kept.id)).to.be.false;
    expect(await trash().purge(user.id, newTaskId())).to.be.false;
    expect(await trash().purge(anOwner().id, newTaskId())).to.be.false;
    expect(await tasks().find(user.id, kept.id)).to.deep.equal(kept);
  });

  it('given all: the trash is empty, tasks stay, and no revision is taken', async () => {
    const { user, kept } = await setUp();
    await trash().purgeAll(user.id);
    expect(await listed(user)).to.deep.equal([]);
    expect(await tasks().list(user.id, aQuery())).to.deep.include({ tasks: [kept], revision: 7 });
  });

  it('given all of an empty trash, or of a user without writes: nothing', async () => {
    const { user, kept } = await setUp();
    for (const id of [user.id, user.id, anOwner().id]) await trash().purgeAll(id);
    expect(await tasks().find(user.id, kept.id)).to.deep.equal(kept);
  });
};
