import { sql } from 'slonik';
import type { Revision } from '../../../../domain/task.ts';
import type { UserId } from '../../../../domain/user.ts';
import type { Fragment } from '../columns.ts';
import { taskColumns } from '../task-row.ts';

/**
 * The first changes after a revision, and the counter, in one snapshot. Each part reads `limit` rows at most, and more
 * only where rows that were changed by SQL share a revision. `usesIndex`: the tasks
 * of the user are in the indexes of large lists; otherwise all of them, which are few, are read and sorted.
 */
export const selectChanges = (user: UserId, since: Revision, limit: number, usesIndex: boolean): Fragment => {
  const part = (table: Fragment, id: Fragment, row: Fragment, condition: Fragment) => sql.fragment`(
      SELECT ${id} AS change_id, revision AS change_revision, ${row} AS row FROM ${table}
      WHERE owner_id = ${user} AND revision > ${since} AND ${condition}
      ORDER BY revision FETCH FIRST (${limit}) ROWS WITH TIES
    )`;
  const always = sql.fragment`true`;
  const id = sql.fragment`id`;
  const noTask = sql.fragment`NULL::tasks`;
  const parts = [
    part(sql.fragment`tasks`, id, sql.fragment`tasks`, usesIndex ? sql.fragment`is_indexed` : always),
    part(sql.fragment`trashed_tasks`, id, noTask, always),
    part(sql.fragment`tombstones`, sql.fragment`task_id`, noTask, always),
  ];
  return sql.fragment`
    SELECT owners.revision AS owner_revision, owners.changes_from AS complete_from,
      task.change_id, task.change_revision, ${taskColumns}
    FROM owners
    LEFT JOIN LATERAL (
      SELECT change_id, change_revision, (row).* FROM (
        SELECT * FROM (${sql.join(parts, sql.fragment` UNION ALL `)}) AS part
        WHERE owners.revision > ${since}
        ORDER BY change_revision FETCH FIRST (${limit}) ROWS WITH TIES
      ) AS change
    ) AS task ON true
    WHERE owners.id = ${user}`;
};
