import { RevisionMismatch, taskNotFound } from '../domain/errors.ts';
import type { User } from '../domain/user.ts';
import type { Task, TaskChange, TaskId } from '../domain/task.ts';
import type { ClockAndIds } from './ports/clock-and-ids.ts';
import type { ExpectedRevisions, TaskRepository } from './ports/task-repository.ts';

/**
 * Changes a task and returns it as stored. Throws `task_not_found` where the user has no such task, {@link RevisionMismatch} where it has
 * another revision than expected.
 */
export type UpdateTask = (
  user: User,
  id: TaskId,
  change: TaskChange,
  expected?: ExpectedRevisions,
) => Promise<Task>;

/** Creates {@link UpdateTask}; the clock gives the time of the change. */
export const updateTask =
  (deps: { tasks: TaskRepository; clockAndIds: ClockAndIds }): UpdateTask =>
  async (user, id, change, expected) => {
    const changed = await deps.tasks.change(user, id, change, deps.clockAndIds.now(), expected);
    switch (changed.outcome) {
      case 'changed':
        return changed.task;
      case 'missing':
        throw taskNotFound();
      case 'mismatch':
        throw new RevisionMismatch(changed.current);
    }
  };
