import { expect } from 'chai';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { RevisionMismatch, taskNotFound, TaskholdError } from '../../../src/domain/errors.ts';
import { anOwner, aTask } from '../../support/tasks/tasks.ts';

describe('TaskholdError', () => {
  it('given a code, a message and a cause: has all three', () => {
    const cause = new Error('socket hang up');
    const error = new TaskholdError('unavailable', 'Try again.', { cause });
    expect(error).to.be.instanceOf(Error);
    expect(error).to.include({ name: 'TaskholdError', code: 'unavailable', message: 'Try again.', cause });
  });

  it('given two failures: two errors, each with its own stack', () => {
    expect(taskNotFound()).not.to.equal(taskNotFound());
    expect(taskNotFound().stack).to.include('errors.test.ts');
  });

  it('given a task that is not found: always the same code and message', () => {
    expect(taskNotFound()).to.include({
      code: 'task_not_found',
      message: 'There is no such task among yours.',
    });
  });

  it('given a revision mismatch: has the current task', async () => {
    const current = await memoryTaskRepository().add(anOwner(), aTask());
    expect(new RevisionMismatch(current)).to.include({ code: 'revision_mismatch', current });
  });
});
