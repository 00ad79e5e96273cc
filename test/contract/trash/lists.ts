import { expect } from 'chai';
import type { TrashTests } from '../trash.ts';
import { isInstant } from '../../../src/domain/instant.ts';
import { numbers } from '../../support/in-batches.ts';
import { anOwner, aQuery, aTask, fullFields, instant, revision } from '../../support/tasks/tasks.ts';
import { aTrashQuery, readTrash } from '../../support/tasks/trash.ts';

export const trashListTests: TrashTests = (tasks, trash) => {
  it('given no deleted task: an empty page', async () => {
    const empty = { tasks: [], next: null };
    const user = anOwner();
    expect(await trash().list(user.id, aTrashQuery())).to.deep.equal(empty);
    await tasks().add(user, aTask());
    expect(await trash().list(user.id, aTrashQuery())).to.deep.equal(empty);
  });

  it('given a deleted task: as it was, with the revision and the time of the deletion', async () => {
    const user = anOwner();
    const task = await tasks().add(user, aTask({ ...fullFields, createdAt: instant(5) }));
    await tasks().remove(user, task.id, instant(7));
    const { tasks: trashed, next } = await trash().list(user.id, aTrashQuery());
    expect(trashed.map(({ deletedAt: _, ...one }) => one)).to.deep.equal([{ ...task, revision: 2 }]);
    expect(trashed.every(({ deletedAt }) => isInstant(deletedAt))).to.be.true;
    expect(next).to.be.null;
  });

  it('given a deleted task: in no list and no count, and missing for every other call', async () => {
    const user = anOwner();
    const { id } = await tasks().add(user, aTask());
    await tasks().remove(user, id, instant(1));
    expect(await tasks().list(user.id, aQuery({ count: true }))).to.deep.equal({
      tasks: [],
      next: null,
      total: 0,
      revision: 2,
    });
    expect(await tasks().find(user.id, id)).to.be.null;
    expect(await tasks().change(user, id, { completed: true }, instant(2))).to.deep.equal({
      outcome: 'missing',
    });
    expect(await tasks().remove(user, id, instant(2), [revision(2)])).to.deep.equal({ outcome: 'missing' });
  });

  it('given deletions in any order: latest deletion first, whatever the times', async () => {
    const user = anOwner();
    const order = [2, 0, 3, 1].map((n) => aTask({ createdAt: instant(n) }));
    for (const task of order.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1)))
      await tasks().add(user, task);
    for (const [n, { id }] of order.entries()) await tasks().remove(user, id, instant(9 - n));
    const listed = await readTrash(trash(), user.id);
    expect(listed.map(({ id }) => id)).to.deep.equal(order.map(({ id }) => id).reverse());
    expect(listed.map(({ revision }) => Number(revision))).to.deep.equal([8, 7, 6, 5]);
  });

  for (const limit of [1, 2, 3, 6, 7])
    it(`given pages of ${limit}: each task once, and no page after the last`, async () => {
      const user = anOwner();
      for (const n of numbers(6)) {
        const { id } = await tasks().add(user, aTask());
        await tasks().remove(user, id, instant(n));
      }
      const all = await readTrash(trash(), user.id);
      expect(all).to.have.length(6);
      expect(await readTrash(trash(), user.id, limit)).to.deep.equal(all);
      const { tasks: first, next } = await trash().list(user.id, aTrashQuery({ limit }));
      expect(first).to.deep.equal(all.slice(0, limit));
      expect(next).to.equal(limit < 6 ? all[limit - 1]!.revision : null);
    });

  it('given deletions, restorations and purges between two pages: no other task is skipped or repeated', async () => {
    const user = anOwner();
    for (const n of numbers(6)) {
      const { id } = await tasks().add(user, aTask());
      await tasks().remove(user, id, instant(n));
    }
    const all = await readTrash(trash(), user.id);
    const first = await trash().list(user.id, aTrashQuery({ limit: 3 }));
    const { id } = await tasks().add(user, aTask());
    await tasks().remove(user, id, instant(9));
    await trash().purge(user.id, all[2]!.id); // the last one of the page
    await trash().restore(user, all[1]!.id, instant(9));
    const second = await trash().list(user.id, aTrashQuery({ limit: 3, before: first.next }));
    expect(second).to.deep.equal({ tasks: all.slice(3), next: null });
  });
};
