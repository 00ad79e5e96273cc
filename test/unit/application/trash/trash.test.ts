import { expect } from 'chai';
import { RevisionMismatch } from '../../../../src/domain/errors.ts';
import { rejection, rejectionCode } from '../../../support/rejection.ts';
import {
  aKeyedRequest,
  anOwner,
  aQuery,
  aTask,
  instant,
  newTaskId,
  revision,
} from '../../../support/tasks/tasks.ts';
import { aTrashQuery } from '../../../support/tasks/trash.ts';
import { useCases } from '../../../support/tasks/use-cases.ts';

const setUp = async () => {
  const use = useCases();
  const user = anOwner();
  const task = await use.create(user, aTask());
  use.clockAndIds.time = instant(3);
  await use.remove(user, task.id);
  use.clockAndIds.time = instant(7);
  const trashed = { ...task, revision: revision(2), deletedAt: instant(3) };
  return { ...use, user, task, trashed };
};

describe('listTrash', () => {
  it('given a deleted task: lists it with the time of the clock', async () => {
    const { listTrash, user, trashed } = await setUp();
    expect(await listTrash(user.id, aTrashQuery())).to.deep.equal({ tasks: [trashed], next: null });
  });
});

describe('restoreTask', () => {
  it('given a task in the trash: returns it as stored, changed at the time of the clock', async () => {
    const { restore, get, user, task } = await setUp();
    const restored = { ...task, revision: revision(3), updatedAt: instant(7) };
    expect(await restore(user, task.id)).to.deep.equal({ task: restored, isReplay: false });
    expect(await get(user.id, task.id)).to.deep.equal(restored);
  });

  it("given an unknown id, a task that is not in the trash, or another user's: task_not_found", async () => {
    const { restore, create, user, task } = await setUp();
    const kept = await create(user, aTask());
    expect(await rejectionCode(restore(user, newTaskId()))).to.equal('task_not_found');
    expect(await rejectionCode(restore(user, kept.id))).to.equal('task_not_found');
    expect(await rejectionCode(restore(anOwner(), task.id))).to.equal('task_not_found');
  });

  it('given expected revisions: others are revision_mismatch with the task in the trash, its own restores', async () => {
    const { restore, user, task, trashed } = await setUp();
    const error = await rejection(restore(user, task.id, [task.revision]));
    expect(error).to.be.instanceOf(RevisionMismatch).with.deep.property('current', trashed);
    const { task: restored } = await restore(user, task.id, [trashed.revision]);
    expect(restored).to.include({ id: task.id });
  });

  it('given a request with a key, twice: restores once, and repeats the result', async () => {
    const { restore, user, task } = await setUp();
    const request = aKeyedRequest();
    const first = await restore(user, task.id, undefined, request);
    expect(first.isReplay).to.be.false;
    expect(await restore(user, task.id, undefined, request)).to.deep.equal({ ...first, isReplay: true });
  });
});

describe('purgeTask', () => {
  it('given a task in the trash: gone for good, and a second time task_not_found', async () => {
    const { purge, restore, user, task } = await setUp();
    await purge(user.id, task.id);
    expect(await rejectionCode(restore(user, task.id))).to.equal('task_not_found');
    expect(await rejectionCode(purge(user.id, task.id))).to.equal('task_not_found');
  });
});

describe('emptyTrash', () => {
  it('given tasks in and outside of the trash: only the trash is empty, also the second time', async () => {
    const { emptyTrash, listTrash, list, create, user } = await setUp();
    const kept = await create(user, aTask());
    for (let n = 0; n < 2; n += 1) await emptyTrash(user.id);
    expect(await listTrash(user.id, aTrashQuery())).to.deep.equal({ tasks: [], next: null });
    expect((await list(user.id, aQuery())).tasks).to.deep.equal([kept]);
  });
});
