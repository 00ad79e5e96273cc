import { sql } from 'slonik';
import { z } from 'zod';
import type { TaskPage, TaskRepository } from '../../../application/ports/task-repository.ts';
import type { UserId } from '../../../domain/user.ts';
import type { Revision } from '../../../domain/task.ts';
import { newestFirst, type Position, type TaskFilter } from '../../../domain/task-list.ts';
import type { Database } from '../client/database.ts';
import { parameterColumn } from './batch-parameters.ts';
import { toTask, type Fragment, type TaskRow } from './columns.ts';
import { revision, taskColumns, taskRow } from './task-row.ts';

interface PageRow {
  readonly ordinal: number;
  readonly owner_revision: Revision;
}

const listed = z.union([
  taskRow(
    (row): row is PageRow =>
      'ordinal' in row &&
      typeof row.ordinal === 'number' &&
      'owner_revision' in row &&
      typeof row.owner_revision === 'number',
  ),
  z.object({ id: z.null(), ordinal: z.int(), owner_revision: revision }),
]);

type Listed = z.infer<typeof listed>;

/** Small batches: a short list waits for the longest list in its batch. */
const batchLimits = { maxBatchSize: 16, maxConcurrentBatches: 2 };

interface FirstPage {
  readonly owner: UserId;
  readonly limit: number;
}

/**
 * Reads the counter and the tasks in one snapshot; one row more than the limit shows that there is a next page. First pages
 * of the same filter, of any users, are read by one statement where they are requested at about the same time.
 */
export const listTasks = (database: Database): TaskRepository['list'] => {
  const createLoader = (filter: TaskFilter) =>
    database.dataLoader<FirstPage, TaskPage>(async (pages, { since }) => {
      const statement = database.statement(`task-list-${filter.key}-first`, listed)`
        ${selectPages(pages, meets(filter))}`;
      const rows = await database.rows(statement, since);
      const byOrdinal = Map.groupBy(rows, (row) => row.ordinal);
      return ({ owner, limit }, index) => toPage(owner, limit, byOrdinal.get(index + 1) ?? []);
    }, batchLimits);
  const loaders = new Map<string, ReturnType<typeof createLoader>>();
  const loaderOf = (filter: TaskFilter) => {
    const loader = loaders.get(filter.key) ?? createLoader(filter);
    loaders.set(filter.key, loader);
    return loader;
  };

  return async (owner, { filter, limit, after }) => {
    if (after === null) return loaderOf(filter)({ owner, limit });
    const rows = await database.rows(database.statement(`task-list-${filter.key}-next`, listed)`
      ${selectPages([{ owner, limit }], sql.fragment`${meets(filter)} AND ${isBehind(after)}`)}`);
    return toPage(owner, limit, rows);
  };
};

const conditions = {
  all: sql.fragment`true`,
  pending: sql.fragment`completed = false`,
  completed: sql.fragment`completed = true`,
} as const satisfies Record<TaskFilter['status'], Fragment>;

const meets = ({ status }: TaskFilter): Fragment => conditions[status];

/**
 * The limit comes from a row, so that the planner does not know it. With a known limit, the planner reads and sorts all tasks
 * of a user who has few tasks according to outdated statistics. With an unknown limit, it follows the index.
 */
const selectPages = (pages: readonly FirstPage[], condition: Fragment) => sql.fragment`
    SELECT page.ordinal, owners.revision AS owner_revision, ${taskColumns}
    FROM unnest(
      ${parameterColumn(pages, ({ owner }) => owner, 'text')}, ${parameterColumn(pages, ({ limit }) => limit + 1, 'int8')}
    ) WITH ORDINALITY AS page (owner_id, max_rows, ordinal)
    JOIN owners ON owners.id = page.owner_id
    LEFT JOIN LATERAL (
      SELECT * FROM tasks
      WHERE owner_id = page.owner_id AND ${condition}
      ORDER BY created_at DESC, tasks.id DESC
      LIMIT page.max_rows
    ) AS task ON true`;

const isBehind = (position: Position) =>
  sql.fragment`(created_at, tasks.id) < (${position.createdAt}::timestamptz, ${position.id}::uuid)`;

const toPage = (owner: UserId, limit: number, rows: readonly Listed[]): TaskPage => {
  // A join guarantees no order. These rows are sorted already, so that this costs one comparison each.
  const found = rows.filter(isTask).sort(newestFirst);
  const tasks = found.slice(0, limit).map((row) => toTask(owner, row));
  const last = tasks.at(-1);
  const next = found.length > limit && last ? { createdAt: last.createdAt, id: last.id } : null;
  return { tasks, next, revision: rows[0]?.owner_revision ?? revision.parse(0) };
};

const isTask = (row: Listed): row is Listed & TaskRow => row.id !== null;
