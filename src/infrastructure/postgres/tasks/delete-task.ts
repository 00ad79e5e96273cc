import { sql } from 'slonik';
import type { TaskRepository } from '../../../application/ports/task-repository.ts';
import type { Database } from '../client/database.ts';
import { isExpected, retryLostRace, lockUser } from '../users/revision-counter.ts';
import { toTask } from './columns.ts';
import { taskColumns, taskRow } from './task-row.ts';

/** The task as it was found; `tried` without `removed` is a lost race. */
const result = taskRow(
  (row): row is { removed: boolean; tried: boolean } =>
    'removed' in row && typeof row.removed === 'boolean' && 'tried' in row && typeof row.tried === 'boolean',
);

/** Removes a task; its owner's row, with the counter, stays. */
export const deleteTask =
  (database: Database): TaskRepository['remove'] =>
  async (owner, id, expected) => {
    const statement = database.statement('task-delete', result)`
      WITH ${lockUser(owner, id, expected)}, written AS (
        DELETE FROM tasks USING counter
        WHERE owner_id = ${owner.id} AND id = ${id}::uuid AND ${isExpected(sql.fragment`tasks.revision`, expected)}
        RETURNING tasks.id
      )
      SELECT ${taskColumns}, written.id IS NOT NULL AS removed, EXISTS (SELECT FROM counter) AS tried
      FROM found AS task LEFT JOIN written ON true`;
    return retryLostRace(async () => {
      const [row] = await database.write(statement);
      if (row === undefined) return { outcome: 'missing' };
      if (row.removed) return { outcome: 'removed' };
      return row.tried ? null : { outcome: 'mismatch', current: toTask(owner.id, row) };
    });
  };
