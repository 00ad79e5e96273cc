import { sql } from 'slonik';
import type { ExpectedRevisions, TaskRepository } from '../../../application/ports/task-repository.ts';
import type { TaskId } from '../../../domain/task.ts';
import type { User } from '../../../domain/user.ts';
import type { Database } from '../client/database.ts';
import { isNew, type KeyedWrite } from '../keys/keyed-statement.ts';
import { isExpected, retryLostRace, lockUser } from '../users/revision-counter.ts';
import { toTask, type Fragment } from './columns.ts';
import { taskColumns, taskRow } from './task-row.ts';
import { insertTombstones } from './trash/insert-tombstones.ts';
import { movedColumns } from './trash/moved-columns.ts';

/** The task as it was found; `tried` without `removed` is a lost race. */
const result = taskRow(
  (row): row is { removed: boolean; tried: boolean } =>
    'removed' in row && typeof row.removed === 'boolean' && 'tried' in row && typeof row.tried === 'boolean',
);

/** Moves a task into the trash, or leaves its tombstone; its owner's row, with the counter, stays. */
export const deleteTask =
  (database: Database, { hasTrash }: DeletionOptions): TaskRepository['remove'] =>
  async (owner, id, _at, expected) => {
    const statement = database.statement(hasTrash ? 'task-trash' : 'task-delete', result)`
      WITH ${lockUser(owner, id, expected)}, ${written({ owner, id, expected }, hasTrash)}
      SELECT ${taskColumns}, written.id IS NOT NULL AS removed, EXISTS (SELECT FROM counter) AS tried
      FROM found AS task LEFT JOIN written ON true`;
    return retryLostRace(async () => {
      const [row] = await database.write(statement);
      if (row === undefined) return { outcome: 'missing' };
      if (row.removed) return { outcome: 'removed' };
      return row.tried ? null : { outcome: 'mismatch', current: toTask(owner.id, row) };
    });
  };

interface DeletionOptions {
  readonly hasTrash: boolean;
}

interface Deletion {
  readonly owner: User;
  readonly id: TaskId;
  readonly expected: ExpectedRevisions | undefined;
}

/** The same under a key. */
export const deletion = (one: Deletion, { hasTrash }: DeletionOptions): KeyedWrite => ({
  name: hasTrash ? 'task-trash-keyed' : 'task-delete-keyed',
  parts: sql.fragment`
    ${lockUser(one.owner, one.id, one.expected, { condition: isNew })}, ${written(one, hasTrash)}`,
  keepsTask: false,
});

const written = ({ owner, id, expected }: Deletion, hasTrash: boolean): Fragment => sql.fragment`written AS (
        DELETE FROM tasks USING counter
        WHERE owner_id = ${owner.id} AND id = ${id}::uuid AND ${isExpected(sql.fragment`tasks.revision`, expected)}
          AND ${keepsRecord}
        RETURNING tasks.*
      ), gone AS (
        SELECT ${movedColumns}, updated_at, counter.revision FROM written CROSS JOIN counter
      ), moved AS (
        ${hasTrash ? insertTrash : insertTombstones}
      )`;

/**
 * Keeps the trigger for deletions by others from running, until the end of the transaction. PostgreSQL evaluates it before it deletes the
 * row, and the condition of the trigger after that.
 */
const keepsRecord = sql.fragment`set_config('taskhold.keeps_record', 'yes', true) = 'yes'`;

/** The time by the clock of the database, which is also that of the expiry: the clock of an instance may be wrong. */
const insertTrash: Fragment = sql.fragment`
  INSERT INTO trashed_tasks (${movedColumns}, updated_at, revision, deleted_at)
  SELECT ${movedColumns}, updated_at, revision, now() FROM gone`;
