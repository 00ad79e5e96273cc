import type { User } from '../domain/user.ts';
import type { Task, TaskDraft } from '../domain/task.ts';
import type { ClockAndIds } from './ports/clock-and-ids.ts';
import type { TaskRepository } from './ports/task-repository.ts';

/** Stores a new task and returns it as stored. Throws as {@link TaskRepository} does. */
export type CreateTask = (user: User, draft: TaskDraft) => Promise<Task>;

/** Creates {@link CreateTask}; the clock gives the time of creation and the id. */
export const createTask =
  (deps: { tasks: TaskRepository; clockAndIds: ClockAndIds }): CreateTask =>
  (user, draft) =>
    deps.tasks.add(user, {
      ...draft,
      id: deps.clockAndIds.newTaskId(),
      createdAt: deps.clockAndIds.now(),
    });
