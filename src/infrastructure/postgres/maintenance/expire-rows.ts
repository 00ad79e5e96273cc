import { sql } from 'slonik';
import { z } from 'zod';
import type { Run } from '../requirements/facts.ts';
import type { Fragment } from '../tasks/columns.ts';
import { insertTombstones } from '../tasks/trash/insert-tombstones.ts';

/** Small, so that the locks of a statement are held for some milliseconds. */
const defaultBatchSize = 200;

/**
 * Deletes tasks for good that were deleted `days` ago or earlier: the tombstone takes the place of the row in the trash, with its
 * revision. Safe on several instances and beside every other write: a locked row is left for another call. Returns the number
 * of tasks.
 */
export const expireTrash = (run: Run, days: number, batchSize = defaultBatchSize) =>
  inBatches(
    run,
    batchSize,
    sql.fragment`
      WITH expired AS (
        SELECT owner_id, id FROM trashed_tasks WHERE ${isExpired(days)}
        ORDER BY deleted_at LIMIT ${batchSize} FOR UPDATE SKIP LOCKED
      ), gone AS (
        DELETE FROM trashed_tasks USING expired
        WHERE trashed_tasks.owner_id = expired.owner_id AND trashed_tasks.id = expired.id
        RETURNING trashed_tasks.owner_id, trashed_tasks.id, trashed_tasks.revision
      ), kept AS (
        ${insertTombstones}
      )
      SELECT count(*) AS count FROM gone`,
  );

/**
 * Forgets tasks that were deleted for good `days` ago or earlier. From then on, changes cannot be followed from before the
 * revisions of these deletions. Safe as {@link expireTrash} is; the rows of users who are being written to are left for another
 * call. Returns the number of tombstones.
 */
export const expireTombstones = (run: Run, days: number, batchSize = defaultBatchSize) =>
  inBatches(
    run,
    batchSize,
    sql.fragment`
      WITH expired AS (
        SELECT tombstones.owner_id, tombstones.task_id
        FROM tombstones JOIN owners ON owners.id = tombstones.owner_id
        WHERE ${isExpired(days)}
        ORDER BY deleted_at LIMIT ${batchSize} FOR NO KEY UPDATE OF tombstones, owners SKIP LOCKED
      ), gone AS (
        DELETE FROM tombstones USING expired
        WHERE tombstones.owner_id = expired.owner_id AND tombstones.task_id = expired.task_id
        RETURNING tombstones.owner_id, tombstones.revision
      ), raised AS (
        UPDATE owners SET changes_from = greatest(owners.changes_from, highest.revision)
        FROM (SELECT owner_id, max(revision) AS revision FROM gone GROUP BY owner_id) AS highest
        WHERE owners.id = highest.owner_id
      )
      SELECT count(*) AS count FROM gone`,
  );

/**
 * By the clock of the database, which has written the times too. Hours, because a day of the session's time zone can have 23
 * or 25.
 */
const isExpired = (days: number): Fragment =>
  sql.fragment`deleted_at <= now() - ${days * 24} * interval '1 hour'`;

/** Ends with a batch that is not full. */
const inBatches = async (run: Run, batchSize: number, statement: Fragment): Promise<number> => {
  let total = 0;
  let last = batchSize;
  while (last === batchSize) {
    const [row] = await run(sql.type(z.object({ count: z.int() }))`${statement}`);
    last = row?.count ?? 0;
    total += last;
  }
  return total;
};
