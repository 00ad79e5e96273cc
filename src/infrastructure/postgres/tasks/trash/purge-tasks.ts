import { sql } from 'slonik';
import { z } from 'zod';
import type { Observer } from '../../../../application/ports/observer.ts';
import type { Trash } from '../../../../application/ports/trash.ts';
import { outcomeUnknown } from '../../../../domain/errors.ts';
import type { UserId } from '../../../../domain/user.ts';
import type { Database } from '../../client/database.ts';
import type { Fragment } from '../columns.ts';
import { insertTombstones } from './insert-tombstones.ts';

/*
 * A purge takes no revision and locks no owner: it never waits for writes of tasks, nor they for it. The tombstone takes the place
 * of the row in the trash in one statement, with its revision.
 */

const purged = z.object({ found: z.int(), purged: z.int() });

const purge = (owner: UserId, selected: Fragment): Fragment => sql.fragment`
  WITH selected AS MATERIALIZED (${selected}), gone AS (
    DELETE FROM trashed_tasks USING selected
    WHERE trashed_tasks.owner_id = ${owner} AND trashed_tasks.id = selected.id
    RETURNING trashed_tasks.owner_id, trashed_tasks.id, trashed_tasks.revision
  ), kept AS (
    ${insertTombstones}
  )
  SELECT (SELECT count(*) FROM selected) AS found, (SELECT count(*) FROM gone) AS purged`;

export const purgeTask =
  (database: Database, observe: Observer): Trash['purge'] =>
  async (owner, id) => {
    const selected = sql.fragment`
      SELECT id FROM trashed_tasks WHERE owner_id = ${owner} AND id = ${id}::uuid`;
    const [row] = await database.write(database.statement('trash-purge', purged)`${purge(owner, selected)}`);
    const isPurged = row?.purged === 1;
    if (isPurged) observe({ type: 'rows_purged', reason: 'user', count: 1 });
    return isPurged;
  };

/** A batch takes some 100 ms, far less than the timeout of a statement. */
const batchSize = 5_000;

/** In batches. What an interrupted call has not reached stays in the trash. */
export const purgeAllTasks =
  (database: Database, observe: Observer): Trash['purgeAll'] =>
  async (owner) => {
    const selected = sql.fragment`
      SELECT id FROM trashed_tasks WHERE owner_id = ${owner} ORDER BY revision LIMIT ${batchSize}`;
    const statement = database.statement('trash-purge-all', purged)`${purge(owner, selected)}`;
    // Another call can purge the same rows: what was found, and not what was purged, shows whether there can be more.
    let isFirst = true;
    let found = batchSize;
    while (found === batchSize) {
      const [row] = await database.write(statement).catch((error: unknown) => {
        // What the batches before have done stays done.
        throw isFirst ? error : outcomeUnknown(error);
      });
      isFirst = false;
      found = row?.found ?? 0;
      const count = row?.purged ?? 0;
      if (count > 0) observe({ type: 'rows_purged', reason: 'user', count });
    }
  };
