import { expect } from 'chai';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import {
  keyInUse,
  keyReused,
  outcomeUnknown,
  overloaded,
  RevisionMismatch,
  taskNotFound,
  TaskholdError,
  timedOut,
} from '../../../src/domain/errors.ts';
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
    expect(new RevisionMismatch(current)).to.include({
      code: 'revision_mismatch',
      message: 'The task has changed since you read it. `current` is the task as it is now.',
      current,
    });
  });

  it('given work that was rejected before it began: says that nothing was done', () => {
    expect(overloaded()).to.include({
      code: 'overloaded',
      message: 'The service is overloaded. Nothing was done; try again shortly.',
    });
  });

  it('given work that took too long: says that nothing was changed', () => {
    expect(timedOut()).to.include({
      code: 'timeout',
      message: 'The request took too long. Nothing was changed; try again.',
    });
  });

  it('given a key that is spent, or in use: says that nothing was done, or to try again', () => {
    expect(keyReused()).to.include({
      code: 'idempotency_key_reused',
      message:
        'Another request has used this Idempotency-Key: its method, path, If-Match or body differs. Nothing was done.',
    });
    expect(keyInUse()).to.include({
      code: 'idempotency_key_in_use',
      message: 'An earlier request with this Idempotency-Key is still under way; try again shortly.',
    });
  });

  it('given a write whose result was lost: says so, and has its cause where there is one', () => {
    const cause = new Error('socket hang up');
    expect(outcomeUnknown(cause)).to.include({
      code: 'outcome_unknown',
      message:
        'The write was sent, but its result was lost: it may or may not have been done. Read the task before you repeat the write; with an Idempotency-Key, repeat it at once.',
      cause,
    });
    expect(outcomeUnknown()).not.to.have.property('cause');
  });
});
