import { RevisionMismatch, taskNotFound } from '../domain/errors.ts';
import type { Owner } from '../domain/user.ts';
import type { TaskId } from '../domain/task.ts';
import type { ExpectedRevisions, TaskRepository } from './ports/task-repository.ts';

/**
 * Deletes a task. Throws `task_not_found` where the owner has no such task, {@link RevisionMismatch} where it has
 * another revision than expected.
 */
export type DeleteTask = (owner: Owner, id: TaskId, expected?: ExpectedRevisions) => Promise<void>;

/** Creates {@link DeleteTask}. */
export const deleteTask =
  (deps: { tasks: TaskRepository }): DeleteTask =>
  async (owner, id, expected) => {
    const removed = await deps.tasks.remove(owner, id, expected);
    switch (removed.outcome) {
      case 'removed':
        return;
      case 'missing':
        throw taskNotFound();
      case 'mismatch':
        throw new RevisionMismatch(removed.current);
    }
  };
