import type { Change, ChangesPage } from '../../application/ports/change-feed.ts';
import type { Revision, Task, TaskId } from '../../domain/task.ts';

/** What a user's store has: their tasks, and the revisions of the deletions of others. */
interface ChangedTasks {
  readonly revision: Revision;
  readonly completeFrom: Revision;
  readonly tasks: ReadonlyMap<TaskId, Task>;
  readonly deletions: ReadonlyMap<TaskId, Revision>;
}

/** The changes after a revision; see `ChangeFeed`. */
export const changesAfter = (
  { revision, completeFrom, tasks, deletions }: ChangedTasks,
  since: Revision,
  limit: number,
): ChangesPage => {
  const deleted = [...deletions].map(([id, at]): Change => ({ id, revision: at, task: null }));
  const kept = [...tasks.values()].map((task): Change => ({ id: task.id, revision: task.revision, task }));
  const changes = [...deleted, ...kept]
    .filter((change) => change.revision > since)
    .sort((a, b) => a.revision - b.revision);
  return { changes: changes.slice(0, limit), hasMore: changes.length > limit, revision, completeFrom };
};
