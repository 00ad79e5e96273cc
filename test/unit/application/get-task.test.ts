import { expect } from 'chai';
import { rejectionCode } from '../../support/rejection.ts';
import { anOwner, aTask, newTaskId } from '../../support/tasks/tasks.ts';
import { useCases } from '../../support/tasks/use-cases.ts';

describe('getTask', () => {
  it("given the user's own task: returns it", async () => {
    const { create, get } = useCases();
    const owner = anOwner();
    const task = await create(owner, aTask());
    expect(await get(owner.id, task.id)).to.deep.equal(task);
  });

  it('given an unknown id: task_not_found', async () => {
    const { get } = useCases();
    expect(await rejectionCode(get(anOwner().id, newTaskId()))).to.equal('task_not_found');
  });

  it("given another user's task: task_not_found", async () => {
    const { create, get } = useCases();
    const task = await create(anOwner(), aTask());
    expect(await rejectionCode(get(anOwner().id, task.id))).to.equal('task_not_found');
  });
});
