import { taskNotFound } from '../domain/errors.ts';
import type { UserId } from '../domain/user.ts';
import type { Task, TaskId } from '../domain/task.ts';
import type { TaskRepository } from './ports/task-repository.ts';

/** Returns the task. Throws `task_not_found` where the user has no such task. */
export type GetTask = (user: UserId, id: TaskId) => Promise<Task>;

/** Creates {@link GetTask}. */
export const getTask =
  (deps: { tasks: TaskRepository }): GetTask =>
  async (user, id) => {
    const task = await deps.tasks.find(user, id);
    if (task === null) throw taskNotFound();
    return task;
  };
