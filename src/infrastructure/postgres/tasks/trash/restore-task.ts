import { sql } from 'slonik';
import type { ExpectedRevisions } from '../../../../application/ports/task-repository.ts';
import type { Trash } from '../../../../application/ports/trash.ts';
import type { Instant } from '../../../../domain/instant.ts';
import type { TaskId } from '../../../../domain/task.ts';
import type { User } from '../../../../domain/user.ts';
import type { Database } from '../../client/database.ts';
import { isNew, type KeyedWrite } from '../../keys/keyed-statement.ts';
import { isExpected, lockUser, retryLostRace } from '../../users/revision-counter.ts';
import { columnNames, rowMembers, toTask, type Fragment } from '../columns.ts';
import { taskColumns, taskRow } from '../task-row.ts';
import { isDeletedAt, toTrashedTask, type DeletedAt } from './trashed-row.ts';
import { movedColumns } from './moved-columns.ts';

/** The task as it was restored, without a time of deletion, or else as it was found; `tried` is then a lost race. */
const result = taskRow(
  (row): row is { deletedAt: DeletedAt['deletedAt'] | null; tried: boolean } =>
    'deletedAt' in row &&
    (row.deletedAt === null || isDeletedAt(row.deletedAt)) &&
    'tried' in row &&
    typeof row.tried === 'boolean',
);

/** The same columns of `tasks` and `trashed_tasks`, whose own order is another one. */
const names = columnNames(rowMembers);

/** Moves a task out of the trash. Its folded text and the revision of that come back as they were. */
export const restoreTask =
  (database: Database): Trash['restore'] =>
  async (owner, id, at, expected) => {
    const statement = database.statement('trash-restore', result)`
      WITH ${lockUser(owner, id, expected, { table: 'trashed_tasks' })}, ${written({ owner, id, at, expected })}
      SELECT ${taskColumns}, task.deleted_at AS "deletedAt", EXISTS (SELECT FROM counter) AS tried
      FROM (
        SELECT ${names}, NULL::timestamptz AS deleted_at FROM written
        UNION ALL
        SELECT ${names}, deleted_at FROM found WHERE NOT EXISTS (SELECT FROM written)
      ) AS task`;
    return retryLostRace(async () => {
      const [row] = await database.write(statement);
      if (row === undefined) return { outcome: 'missing' };
      const { deletedAt } = row;
      if (deletedAt === null) return { outcome: 'restored', task: toTask(owner.id, row) };
      return row.tried
        ? null
        : { outcome: 'mismatch', current: toTrashedTask(owner.id, { ...row, deletedAt }) };
    });
  };

interface Restoration {
  readonly owner: User;
  readonly id: TaskId;
  readonly at: Instant;
  readonly expected: ExpectedRevisions | undefined;
}

/** The same under a key. */
export const restoration = (one: Restoration): KeyedWrite => ({
  name: 'trash-restore-keyed',
  parts: sql.fragment`
    ${lockUser(one.owner, one.id, one.expected, { table: 'trashed_tasks', condition: isNew })}, ${written(one)}`,
  keepsTask: true,
  isRestoration: true,
});

const written = ({ owner, id, at, expected }: Restoration): Fragment => sql.fragment`taken AS (
        DELETE FROM trashed_tasks USING counter
        WHERE owner_id = ${owner.id} AND id = ${id}::uuid
          AND ${isExpected(sql.fragment`trashed_tasks.revision`, expected)}
        RETURNING trashed_tasks.*
      ), written AS (
        INSERT INTO tasks (${movedColumns}, updated_at, revision, is_indexed)
        SELECT ${movedColumns}, greatest(updated_at, ${at}::timestamptz), counter.revision, counter.indexing > 0
        FROM taken CROSS JOIN counter
        RETURNING tasks.*
      )`;
