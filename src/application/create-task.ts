import type { Owner } from '../domain/owner.ts';
import type { Task, TaskDraft } from '../domain/task.ts';
import type { Environment } from './ports/environment.ts';
import type { TaskRepository } from './ports/task-repository.ts';

/** Keeps a new task and returns it as kept. */
export type CreateTask = (owner: Owner, draft: TaskDraft) => Promise<Task>;

export const createTask =
  (deps: { tasks: TaskRepository; environment: Environment }): CreateTask =>
  (owner, draft) =>
    deps.tasks.add(owner, {
      id: deps.environment.newTaskId(),
      createdAt: deps.environment.now(),
      title: draft.title,
      description: draft.description,
      completed: draft.completed,
    });
