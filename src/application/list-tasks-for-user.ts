import type { UserId } from '../domain/user.ts';
import type { TaskPage, TaskQuery, TaskRepository } from './ports/task-repository.ts';

/** Returns one page of the user's tasks. */
export type ListTasksForUser = (user: UserId, query: TaskQuery) => Promise<TaskPage>;

/** Creates {@link ListTasksForUser}. */
export const listTasksForUser =
  (deps: { tasks: TaskRepository }): ListTasksForUser =>
  (user, query) =>
    deps.tasks.list(user, query);
