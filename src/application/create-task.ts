import type { User } from '../domain/user.ts';
import type { TaskDraft } from '../domain/task.ts';
import type { ClockAndIds } from './ports/clock-and-ids.ts';
import type { KeyedRequest } from '../domain/idempotency/keyed-request.ts';
import type { TaskRepository } from './ports/task-repository.ts';
import type { WrittenTask } from './written.ts';

/**
 * Stores a new task and returns it as stored. Throws as {@link TaskRepository} does; with a keyed request also as
 * `KeyedWrites` does.
 */
export type CreateTask = (user: User, draft: TaskDraft, request?: KeyedRequest) => Promise<WrittenTask>;

/** Creates {@link CreateTask}; the clock gives the time of creation and the id. */
export const createTask =
  (deps: { tasks: TaskRepository; clockAndIds: ClockAndIds }): CreateTask =>
  async (user, draft, request) => {
    const task = { ...draft, id: deps.clockAndIds.newTaskId(), createdAt: deps.clockAndIds.now() };
    if (request === undefined) return { task: await deps.tasks.add(user, task), isReplay: false };
    const added = await deps.tasks.once(request).add(user, task);
    return { task: added.task, isReplay: added.isReplay === true };
  };
