import { RevisionMismatch, taskNotFound } from '../domain/errors.ts';
import type { User } from '../domain/user.ts';
import type { TaskId } from '../domain/task.ts';
import type { KeyedRequest } from '../domain/idempotency/keyed-request.ts';
import type { ClockAndIds } from './ports/clock-and-ids.ts';
import type { ExpectedRevisions, TaskRepository } from './ports/task-repository.ts';
import type { Written } from './written.ts';

/**
 * Moves a task into the trash, or deletes it for good where there is none. Throws `task_not_found` where the user has no such task, {@link RevisionMismatch} where it has
 * another revision than expected; with a keyed request also as `KeyedWrites` does.
 */
export type DeleteTask = (
  user: User,
  id: TaskId,
  expected?: ExpectedRevisions,
  request?: KeyedRequest,
) => Promise<Written>;

/** Creates {@link DeleteTask}; the clock gives the time of the deletion to a store without a clock. */
export const deleteTask =
  (deps: { tasks: TaskRepository; clockAndIds: ClockAndIds }): DeleteTask =>
  async (user, id, expected, request) => {
    const store = request === undefined ? deps.tasks : deps.tasks.once(request);
    const removed = await store.remove(user, id, deps.clockAndIds.now(), expected);
    if (removed.outcome === 'missing') throw taskNotFound();
    if (removed.outcome === 'mismatch') throw new RevisionMismatch(removed.current);
    return { isReplay: removed.isReplay === true };
  };
