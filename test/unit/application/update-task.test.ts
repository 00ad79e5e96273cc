import { expect } from 'chai';
import { rejectionCode } from '../../support/rejection.ts';
import {
  anOwner,
  aTask,
  description,
  instant,
  newTaskId,
  revision,
  title,
} from '../../support/tasks/tasks.ts';
import { useCases } from '../../support/tasks/use-cases.ts';

describe('updateTask', () => {
  it('given a change: returns and stores the task with the current time and the next revision', async () => {
    const { create, update, get, clockAndIds } = useCases();
    const owner = anOwner();
    const task = await create(owner, aTask());
    clockAndIds.time = instant(5000);
    const change = { title: title('Buy bread'), description: description('rye'), completed: true };
    const changed = await update(owner, task.id, change);
    const next = { updatedAt: instant(5000), revision: revision(2) };
    expect(changed).to.deep.equal({ ...task, ...change, ...next });
    expect(await get(owner.id, task.id)).to.deep.equal(changed);
  });

  it('given an empty change: takes a revision', async () => {
    const { create, update } = useCases();
    const owner = anOwner();
    const task = await create(owner, aTask());
    expect(await update(owner, task.id, {})).to.deep.equal({ ...task, revision: revision(2) });
  });

  it('given the current revision as expected: changes the task', async () => {
    const { create, update } = useCases();
    const owner = anOwner();
    const task = await create(owner, aTask());
    expect(await update(owner, task.id, { completed: true }, [task.revision])).to.include({
      completed: true,
    });
  });

  it('given other expected revisions: revision_mismatch, and the task is unchanged', async () => {
    const { create, update, get } = useCases();
    const owner = anOwner();
    const task = await create(owner, aTask());
    for (const expected of [[], [revision(2)], [revision(0), revision(7)]])
      expect(await rejectionCode(update(owner, task.id, { completed: true }, expected))).to.equal(
        'revision_mismatch',
      );
    expect(await get(owner.id, task.id)).to.deep.equal(task);
  });

  it("given an unknown id or another user's task, and any expected revision: task_not_found", async () => {
    const { create, update, get } = useCases();
    const owner = anOwner();
    const task = await create(owner, aTask());
    const stranger = anOwner();
    for (const expected of [undefined, [], [task.revision], [revision(7)]]) {
      expect(await rejectionCode(update(stranger, task.id, {}, expected))).to.equal('task_not_found');
      expect(await rejectionCode(update(owner, newTaskId(), {}, expected))).to.equal('task_not_found');
    }
    expect(await get(owner.id, task.id)).to.deep.equal(task);
  });
});
