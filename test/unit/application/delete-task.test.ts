import { expect } from 'chai';
import { rejectionCode } from '../../support/rejection.ts';
import { anOwner, aQuery, aTask, newTaskId, revision } from '../../support/tasks/tasks.ts';
import { useCases } from '../../support/tasks/use-cases.ts';

describe('deleteTask', () => {
  it('given a task: deletes it and takes a revision', async () => {
    const { create, remove, list } = useCases();
    const owner = anOwner();
    const task = await create(owner, aTask());
    await remove(owner, task.id);
    expect(await list(owner.id, aQuery())).to.deep.equal({
      tasks: [],
      next: null,
      total: null,
      revision: revision(2),
    });
  });

  it('given a deleted task: task_not_found', async () => {
    const { create, remove } = useCases();
    const owner = anOwner();
    const task = await create(owner, aTask());
    await remove(owner, task.id);
    expect(await rejectionCode(remove(owner, task.id))).to.equal('task_not_found');
  });

  it('given expected revisions: others are revision_mismatch, the current one deletes the task', async () => {
    const { create, remove, get } = useCases();
    const owner = anOwner();
    const task = await create(owner, aTask());
    for (const expected of [[], [revision(9)]])
      expect(await rejectionCode(remove(owner, task.id, expected))).to.equal('revision_mismatch');
    expect(await get(owner.id, task.id)).to.deep.equal(task);
    await remove(owner, task.id, [revision(9), task.revision]);
    expect(await rejectionCode(get(owner.id, task.id))).to.equal('task_not_found');
  });

  it("given an unknown id or another user's task: task_not_found", async () => {
    const { create, remove, get } = useCases();
    const owner = anOwner();
    const task = await create(owner, aTask());
    expect(await rejectionCode(remove(anOwner(), task.id, [task.revision]))).to.equal('task_not_found');
    expect(await rejectionCode(remove(owner, newTaskId()))).to.equal('task_not_found');
    expect(await get(owner.id, task.id)).to.deep.equal(task);
  });
});
