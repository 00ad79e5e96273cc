import { RevisionMismatch, taskNotFound } from '../domain/errors.ts';
import type { User } from '../domain/user.ts';
import type { TaskId } from '../domain/task.ts';
import type { ExpectedRevisions, TaskRepository } from './ports/task-repository.ts';

/**
 * Deletes a task. Throws `task_not_found` where the user has no such task, {@link RevisionMismatch} where it has
 * another revision than expected.
 */
export type DeleteTask = (user: User, id: TaskId, expected?: ExpectedRevisions) => Promise<void>;

/** Creates {@link DeleteTask}. */
export const deleteTask =
  (deps: { tasks: TaskRepository }): DeleteTask =>
  async (user, id, expected) => {
    const removed = await deps.tasks.remove(user, id, expected);
    if (removed.outcome === 'missing') throw taskNotFound();
    if (removed.outcome === 'mismatch') throw new RevisionMismatch(removed.current);
  };
