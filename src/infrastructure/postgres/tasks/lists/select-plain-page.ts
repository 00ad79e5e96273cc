import { sql } from 'slonik';
import type { TaskQuery } from '../../../../application/ports/task-repository.ts';
import type { UserId } from '../../../../domain/user.ts';
import { parameterColumn } from '../batch-parameters.ts';
import type { Fragment } from '../columns.ts';
import { taskColumns } from '../task-row.ts';
import { limitFromRow } from './select-newest.ts';

/** A page of one user; one row more than the limit shows that there is a next page. */
export interface PageOfUser {
  readonly owner: UserId;
  readonly query: TaskQuery;
}

/**
 * Pages of several users, newest first. The limit comes from a row, so that the planner does not know it. With a known limit,
 * the planner reads and sorts all tasks of a user who has few tasks according to outdated statistics. With an unknown limit, it
 * follows the index.
 */
export const selectPlainPages = (pages: readonly PageOfUser[], condition: Fragment): Fragment => sql.fragment`
    SELECT page.ordinal, owners.revision AS owner_revision, NULL::int8 AS total, ${taskColumns}
    FROM unnest(
      ${parameterColumn(pages, ({ owner }) => owner, 'text')},
      ${parameterColumn(pages, ({ query }) => query.limit + 1, 'int8')}
    ) WITH ORDINALITY AS page (owner_id, max_rows, ordinal)
    JOIN owners ON owners.id = page.owner_id
    LEFT JOIN LATERAL (
      SELECT * FROM tasks
      WHERE owner_id = page.owner_id AND ${condition}
      ORDER BY created_at DESC, tasks.id DESC
      LIMIT page.max_rows
    ) AS task ON true`;

/** The same for one user. */
export const selectPlainPage = (owner: UserId, limit: number, condition: Fragment): Fragment => sql.fragment`
    SELECT 1 AS ordinal, owners.revision AS owner_revision, NULL::int8 AS total, ${taskColumns}
    FROM owners
    LEFT JOIN LATERAL (
      SELECT * FROM tasks
      WHERE owner_id = ${owner} AND ${condition}
      ORDER BY created_at DESC, tasks.id DESC
      LIMIT ${limitFromRow(limit + 1)}
    ) AS task ON true
    WHERE owners.id = ${owner}`;
