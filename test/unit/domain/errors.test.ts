import { expect } from 'chai';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { RevisionMismatch, taskNotFound, TaskholdError } from '../../../src/domain/errors.ts';
import { anOwner, aTask } from '../../support/tasks/tasks.ts';

describe('TaskholdError', () => {
  it('carries a code for programs, a message for people and what caused it', () => {
    const cause = new Error('socket hang up');
    const error = new TaskholdError('unavailable', 'Try again.', { cause });
    expect(error).to.be.instanceOf(Error);
    expect(error).to.include({ name: 'TaskholdError', code: 'unavailable', message: 'Try again.', cause });
  });

  it('is made anew for every failure, with the stack of that failure', () => {
    expect(taskNotFound()).not.to.equal(taskNotFound());
    expect(taskNotFound().stack).to.include('errors.test.ts');
  });

  it('says the same of every task that is not there', () => {
    expect(taskNotFound()).to.include({
      code: 'task_not_found',
      message: 'There is no such task among yours.',
    });
  });

  it('carries the task as it is now where it has another revision than expected', async () => {
    const current = await memoryTaskRepository().add(anOwner(), aTask());
    expect(new RevisionMismatch(current)).to.include({ code: 'revision_mismatch', current });
  });
});
