import { sql } from 'slonik';
import { z } from 'zod';
import type { TaskPage, TaskQuery, TaskRepository } from '../../../../application/ports/task-repository.ts';
import type { UserId } from '../../../../domain/user.ts';
import type { Revision } from '../../../../domain/task.ts';
import { everyTask, type TaskFilter } from '../../../../domain/task-filter.ts';
import { isPlain } from '../../../../domain/task-list.ts';
import { comparePositions, positionOf, type Position } from '../../../../domain/task-order.ts';
import type { Database } from '../../client/database.ts';
import { parameterColumn } from '../batch-parameters.ts';
import { toTask, type Fragment, type TaskRow } from '../columns.ts';
import { readIndexing } from './read-indexing.ts';
import { selectPage } from './select-page.ts';
import { meets } from './task-conditions.ts';
import { listParts } from './task-ordering.ts';
import { revision, taskColumns, taskRow } from '../task-row.ts';

interface PageRow {
  readonly ordinal: number;
  readonly owner_revision: Revision;
  readonly total: number | null;
}

const listed = z.union([
  taskRow(
    (row): row is PageRow =>
      'ordinal' in row &&
      typeof row.ordinal === 'number' &&
      'owner_revision' in row &&
      typeof row.owner_revision === 'number' &&
      'total' in row &&
      (row.total === null || typeof row.total === 'number'),
  ),
  z.object({ id: z.null(), ordinal: z.int(), owner_revision: revision, total: z.int().nullable() }),
]);

type Listed = z.infer<typeof listed>;

/** Small batches: a short list waits for the longest list in its batch. */
const batchLimits = { maxBatchSize: 16, maxConcurrentBatches: 2 };

interface PageOfUser {
  readonly owner: UserId;
  readonly query: TaskQuery;
}

/**
 * Reads the counter and the tasks in one snapshot; one row more than the limit shows that there is a next page. First pages
 * of plain lists of one status, of any users, are read by one statement where they are requested at about the same time.
 */
export const listTasks = (database: Database): TaskRepository['list'] => {
  const isIndexed = readIndexing(database);
  const createLoader = (status: TaskFilter['status']) =>
    database.dataLoader<PageOfUser, TaskPage>(async (pages, { since }) => {
      const statement = database.statement(`task-list-${status}-first`, listed)`
        ${selectPlainPages(pages, meets({ ...everyTask, status }))}`;
      const rows = await database.rows(statement, since);
      const byOrdinal = Map.groupBy(rows, (row) => row.ordinal);
      return ({ owner, query }, index) => toPage(owner, query, byOrdinal.get(index + 1) ?? []);
    }, batchLimits);
  const firstPages = {
    all: createLoader('all'),
    pending: createLoader('pending'),
    completed: createLoader('completed'),
  };

  const nextPage = (owner: UserId, query: TaskQuery, after: Position) => {
    const { filter, order } = query.selection;
    const isOnPage = sql.join(
      [meets(filter), ...listParts(order, after).map(({ condition }) => condition)],
      and,
    );
    return database.statement(`task-list-${filter.status}-next`, listed)`
      ${selectPlainPages([{ owner, query }], sql.fragment`${isOnPage}`)}`;
  };

  /** Not prepared: which index is the best one depends on the values. */
  const anyPage = async (owner: UserId, query: TaskQuery) =>
    database.statement(null, listed)`${selectPage(owner, query, await isIndexed(owner))}`;

  return async (owner, requested) => {
    const query = { ...requested };
    const { selection, after, offset, count } = query;
    const isSimple = isPlain(selection) && offset === 0 && !count;
    if (isSimple && after === null) return firstPages[selection.filter.status]({ owner, query });
    const statement =
      isSimple && after !== null ? nextPage(owner, query, after) : await anyPage(owner, query);
    return toPage(owner, query, await database.rows(statement));
  };
};

const and = sql.fragment` AND `;

/**
 * The limit comes from a row, so that the planner does not know it. With a known limit, the planner reads and sorts all tasks
 * of a user who has few tasks according to outdated statistics. With an unknown limit, it follows the index.
 */
const selectPlainPages = (pages: readonly PageOfUser[], condition: Fragment) => sql.fragment`
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

const toPage = (owner: UserId, { selection, limit, count }: TaskQuery, rows: readonly Listed[]): TaskPage => {
  const { order } = selection;
  const compare = comparePositions(order);
  // A join guarantees no order. These rows are sorted already, so that this costs one comparison each.
  const found = rows
    .filter(isTask)
    .map((row) => toTask(owner, row))
    .sort((a, b) => compare(positionOf(a, order), positionOf(b, order)));
  const tasks = found.slice(0, limit);
  const last = tasks.at(-1);
  return {
    tasks,
    next: found.length > limit && last ? positionOf(last, order) : null,
    total: count ? (rows[0]?.total ?? 0) : null,
    revision: rows[0]?.owner_revision ?? revision.parse(0),
  };
};

const isTask = (row: Listed): row is Listed & TaskRow => row.id !== null;
