import type { Owner } from '../domain/user.ts';
import type { Task, TaskDraft } from '../domain/task.ts';
import type { ClockAndIds } from './ports/clock-and-ids.ts';
import type { TaskRepository } from './ports/task-repository.ts';

/** Stores a new task and returns it as stored. Throws as {@link TaskRepository} does. */
export type CreateTask = (owner: Owner, draft: TaskDraft) => Promise<Task>;

/** Creates {@link CreateTask}; the clock gives the time of creation and the id. */
export const createTask =
  (deps: { tasks: TaskRepository; clockAndIds: ClockAndIds }): CreateTask =>
  (owner, draft) =>
    deps.tasks.add(owner, {
      ...draft,
      id: deps.clockAndIds.newTaskId(),
      createdAt: deps.clockAndIds.now(),
    });
