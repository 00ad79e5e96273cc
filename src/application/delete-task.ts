import { revisionMismatch, taskNotFound } from '../domain/errors.ts';
import type { Owner } from '../domain/owner.ts';
import type { TaskId } from '../domain/task.ts';
import type { Expected, TaskRepository } from './ports/task-repository.ts';

/** Throws `task_not_found` where the owner has no such task, `revision_mismatch` where it is not as expected. */
export type DeleteTask = (owner: Owner, id: TaskId, expected?: Expected) => Promise<void>;

export const deleteTask =
  (deps: { tasks: TaskRepository }): DeleteTask =>
  async (owner, id, expected) => {
    const { outcome } = await deps.tasks.remove(owner, id, expected);
    switch (outcome) {
      case 'removed':
        return;
      case 'missing':
        throw taskNotFound();
      case 'mismatch':
        throw revisionMismatch();
    }
  };
