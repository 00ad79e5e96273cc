import { expect } from 'chai';
import type { TrashTests } from '../trash.ts';
import {
  anOwner,
  aQuery,
  aTask,
  bareFields,
  fullFields,
  instant,
  newTaskId,
  otherFields,
  revision,
  searchText,
  title,
} from '../../support/tasks/tasks.ts';
import { readTrash } from '../../support/tasks/trash.ts';

export const restorationTests: TrashTests = (tasks, trash) => {
  const counter = async (user: ReturnType<typeof anOwner>) =>
    (await tasks().list(user.id, aQuery())).revision;
  const setUp = async (fields = {}) => {
    const user = anOwner();
    const task = await tasks().add(user, aTask({ ...fields, createdAt: instant(5) }));
    await tasks().remove(user, task.id, instant(7));
    return { user, task };
  };

  for (const [name, fields] of Object.entries({ bareFields, fullFields, otherFields }))
    it(`given a task with ${name}: comes back as it was, with the next revision and the time`, async () => {
      const { user, task } = await setUp(fields);
      const restored = { ...task, revision: 3, updatedAt: instant(9) };
      expect(await trash().restore(user, task.id, instant(9))).to.deep.equal({
        outcome: 'restored',
        task: restored,
      });
      expect(await tasks().find(user.id, task.id)).to.deep.equal(restored);
      expect(await tasks().list(user.id, aQuery())).to.deep.include({ tasks: [restored], revision: 3 });
      expect(await readTrash(trash(), user.id)).to.deep.equal([]);
    });

  it('given a clock that went back: updatedAt stays', async () => {
    const { user, task } = await setUp();
    const result = await trash().restore(user, task.id, instant(4));
    expect(result).to.have.nested.include({ outcome: 'restored', 'task.updatedAt': instant(5) });
  });

  it('given a restored task: search finds it, and it can be changed and deleted again', async () => {
    const { user, task } = await setUp({ title: title('Cafe\u0301') });
    await trash().restore(user, task.id, instant(8));
    const query = aQuery({ search: searchText('CAF\u00c9') });
    expect((await tasks().list(user.id, query)).tasks).to.have.length(1);
    await tasks().change(user, task.id, { title: title('Tea') }, instant(9));
    expect((await tasks().list(user.id, query)).tasks).to.have.length(0);
    await tasks().remove(user, task.id, instant(10));
    expect((await readTrash(trash(), user.id)).map(({ deletedAt: _, ...one }) => one)).to.deep.equal([
      { ...task, title: 'Tea', updatedAt: instant(9), revision: 5 },
    ]);
  });

  it('given a task that is not in the trash: missing, and no revision is taken', async () => {
    const user = anOwner();
    const missing = { outcome: 'missing' };
    expect(await trash().restore(user, newTaskId(), instant(1))).to.deep.equal(missing);
    const { id } = await tasks().add(user, aTask());
    expect(await trash().restore(user, id, instant(1))).to.deep.equal(missing);
    expect(await trash().restore(user, newTaskId(), instant(1))).to.deep.equal(missing);
    await tasks().remove(user, id, instant(1));
    await trash().restore(user, id, instant(1));
    expect(await trash().restore(user, id, instant(1))).to.deep.equal(missing);
    expect(await counter(user)).to.equal(3);
  });

  for (const expected of [[revision(2)], [revision(1), revision(2)]])
    it(`given the expected revisions ${expected.join()}, one that the trash shows: restored`, async () => {
      const { user, task } = await setUp();
      expect(await trash().restore(user, task.id, instant(8), expected)).to.include({ outcome: 'restored' });
    });

  for (const expected of [[], [revision(1)], [revision(3), revision(4)]])
    it(`given the expected revisions ${expected.join() || 'none'}: mismatch, with the task in the trash, and nothing is written`, async () => {
      const { user, task } = await setUp();
      const [trashed] = await readTrash(trash(), user.id);
      expect(trashed).to.deep.include({ ...task, revision: 2 });
      expect(await trash().restore(user, task.id, instant(8), expected)).to.deep.equal({
        outcome: 'mismatch',
        current: trashed,
      });
      expect(await readTrash(trash(), user.id)).to.deep.equal([trashed]);
      expect(await counter(user)).to.equal(2);
    });
};
