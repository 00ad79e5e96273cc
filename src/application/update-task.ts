import { RevisionMismatch, taskNotFound } from '../domain/errors.ts';
import type { User } from '../domain/user.ts';
import type { TaskChange, TaskId } from '../domain/task.ts';
import type { ClockAndIds } from './ports/clock-and-ids.ts';
import type { KeyedRequest } from '../domain/idempotency/keyed-request.ts';
import type { ExpectedRevisions, TaskRepository } from './ports/task-repository.ts';
import type { WrittenTask } from './written.ts';

/**
 * Changes a task and returns it as stored. Throws `task_not_found` where the user has no such task, {@link RevisionMismatch} where it has
 * another revision than expected; with a keyed request also as `KeyedWrites` does.
 */
export type UpdateTask = (
  user: User,
  id: TaskId,
  change: TaskChange,
  expected?: ExpectedRevisions,
  request?: KeyedRequest,
) => Promise<WrittenTask>;

/** Creates {@link UpdateTask}; the clock gives the time of the change. */
export const updateTask =
  (deps: { tasks: TaskRepository; clockAndIds: ClockAndIds }): UpdateTask =>
  async (user, id, change, expected, request) => {
    const store = request === undefined ? deps.tasks : deps.tasks.once(request);
    const changed = await store.change(user, id, change, deps.clockAndIds.now(), expected);
    switch (changed.outcome) {
      case 'changed':
        return { task: changed.task, isReplay: changed.isReplay === true };
      case 'missing':
        throw taskNotFound();
      case 'mismatch':
        throw new RevisionMismatch(changed.current);
    }
  };
