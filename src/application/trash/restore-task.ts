import { RevisionMismatch, taskNotFound } from '../../domain/errors.ts';
import type { KeyedRequest } from '../../domain/idempotency/keyed-request.ts';
import type { TaskId } from '../../domain/task.ts';
import type { User } from '../../domain/user.ts';
import type { ClockAndIds } from '../ports/clock-and-ids.ts';
import type { ExpectedRevisions, TaskRepository } from '../ports/task-repository.ts';
import type { Trash } from '../ports/trash.ts';
import type { WrittenTask } from '../written.ts';

/**
 * Takes a task out of the trash and returns it as stored: as it was, with a new revision. Throws `task_not_found` where the user has
 * no such task in the trash, {@link RevisionMismatch} where it has another revision there than expected; with a keyed request also
 * as `KeyedWrites` does.
 */
export type RestoreTask = (
  user: User,
  id: TaskId,
  expected?: ExpectedRevisions,
  request?: KeyedRequest,
) => Promise<WrittenTask>;

/** Creates {@link RestoreTask}; the clock gives the time of the restoration. */
export const restoreTask =
  (deps: { tasks: TaskRepository; trash: Trash; clockAndIds: ClockAndIds }): RestoreTask =>
  async (user, id, expected, request) => {
    const store = request === undefined ? deps.trash : deps.tasks.once(request);
    const restored = await store.restore(user, id, deps.clockAndIds.now(), expected);
    switch (restored.outcome) {
      case 'restored':
        return { task: restored.task, isReplay: restored.isReplay === true };
      case 'missing':
        throw taskNotFound();
      case 'mismatch':
        throw new RevisionMismatch(restored.current);
    }
  };
