import { expect } from 'chai';
import { rejectionCode } from '../../support/rejection.ts';
import { anOwner, aTask, newTaskId } from '../../support/tasks/tasks.ts';
import { useCases } from '../../support/tasks/use-cases.ts';

describe('getTask', () => {
  it('returns the task of its owner', async () => {
    const { create, get } = useCases();
    const owner = anOwner();
    const task = await create(owner, aTask());
    expect(await get(owner.id, task.id)).to.deep.equal(task);
  });

  it('throws task_not_found where there is none', async () => {
    const { get } = useCases();
    expect(await rejectionCode(get(anOwner().id, newTaskId()))).to.equal('task_not_found');
  });

  it("throws task_not_found for another's", async () => {
    const { create, get } = useCases();
    const task = await create(anOwner(), aTask());
    expect(await rejectionCode(get(anOwner().id, task.id))).to.equal('task_not_found');
  });
});
