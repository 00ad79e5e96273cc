import { expect } from 'chai';
import { rejectionCode } from '../../support/rejection.ts';
import { anOwner, aTask, description, instant, newTaskId, revision } from '../../support/tasks/tasks.ts';
import { useCases } from '../../support/tasks/use-cases.ts';

describe('completeTask', () => {
  for (const before of [false, true])
    for (const requested of [false, true, undefined]) {
      const after = requested ?? !before;
      it(`given completed ${before} and a request for ${requested ?? 'a toggle'}: completed is ${after}`, async () => {
        const { create, complete, get, clockAndIds } = useCases();
        const owner = anOwner();
        const task = await create(owner, aTask({ completed: before, description: description('kept') }));
        clockAndIds.time = instant(7);
        const completed = await complete(owner, task.id, requested);
        const next = { completed: after, updatedAt: instant(7), revision: revision(2) };
        expect(completed).to.deep.equal({ ...task, ...next });
        expect(await get(owner.id, task.id)).to.deep.equal(completed);
      });
    }

  it('given two toggles: completed is false again', async () => {
    const { create, complete } = useCases();
    const owner = anOwner();
    const task = await create(owner, aTask());
    await complete(owner, task.id, undefined);
    expect(await complete(owner, task.id, undefined)).to.include({ completed: false, revision: 3 });
  });

  it('given expected revisions: another one is revision_mismatch, the current one completes the task', async () => {
    const { create, complete } = useCases();
    const owner = anOwner();
    const task = await create(owner, aTask());
    expect(await rejectionCode(complete(owner, task.id, true, [revision(9)]))).to.equal('revision_mismatch');
    expect(await complete(owner, task.id, true, [task.revision])).to.include({ completed: true });
  });

  it("given an unknown id or another user's task: task_not_found", async () => {
    const { create, complete } = useCases();
    const owner = anOwner();
    const task = await create(owner, aTask());
    expect(await rejectionCode(complete(anOwner(), task.id, true))).to.equal('task_not_found');
    expect(await rejectionCode(complete(owner, newTaskId(), undefined))).to.equal('task_not_found');
  });
});
