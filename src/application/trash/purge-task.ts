import { taskNotFound } from '../../domain/errors.ts';
import type { TaskId } from '../../domain/task.ts';
import type { UserId } from '../../domain/user.ts';
import type { Trash } from '../ports/trash.ts';

/** Deletes a task in the trash for good. Throws `task_not_found` where the user has no such task in the trash. */
export type PurgeTask = (user: UserId, id: TaskId) => Promise<void>;

/** Creates {@link PurgeTask}. */
export const purgeTask =
  (deps: { trash: Trash }): PurgeTask =>
  async (user, id) => {
    if (!(await deps.trash.purge(user, id))) throw taskNotFound();
  };
