import { sql } from 'slonik';
import { z } from 'zod';
import type { TaskPage, TaskQuery, TaskRepository } from '../../../application/ports/task-repository.ts';
import type { UserId } from '../../../domain/user.ts';
import type { Revision } from '../../../domain/task.ts';
import type { TaskFilter } from '../../../domain/task-filter.ts';
import { isPlain, taskSelection } from '../../../domain/task-list.ts';
import { comparePositions, positionOf } from '../../../domain/task-order.ts';
import type { Database } from '../client/database.ts';
import { parameterColumn } from './batch-parameters.ts';
import { toTask, type TaskRow } from './columns.ts';
import { meets } from './task-conditions.ts';
import { isBehind, orderBy } from './task-ordering.ts';
import { revision, taskColumns, taskRow } from './task-row.ts';

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

interface FirstPage {
  readonly owner: UserId;
  readonly query: TaskQuery;
}

/**
 * Reads the counter and the tasks in one snapshot; one row more than the limit shows that there is a next page. First pages
 * of plain lists of one status, of any users, are read by one statement where they are requested at about the same time.
 */
export const listTasks = (database: Database): TaskRepository['list'] => {
  const createLoader = (status: TaskFilter['status']) =>
    database.dataLoader<FirstPage, TaskPage>(async (pages, { since }) => {
      const statement = database.statement(`task-list-${status}`, listed)`${selectFirstPages(pages, status)}`;
      const rows = await database.rows(statement, since);
      const byOrdinal = Map.groupBy(rows, (row) => row.ordinal);
      return ({ owner, query }, index) => toPage(owner, query, byOrdinal.get(index + 1) ?? []);
    }, batchLimits);
  const loaders = {
    all: createLoader('all'),
    pending: createLoader('pending'),
    completed: createLoader('completed'),
  };

  return async (owner, requested) => {
    const query = { ...requested };
    const { selection, after, offset, count } = query;
    const { status } = selection.filter;
    if (!isPlain(selection) || offset > 0 || count)
      // Not prepared: which index is the best one depends on the values.
      return toPage(
        owner,
        query,
        await database.rows(database.statement(null, listed)`${selectPage(owner, query)}`),
      );
    if (after === null) return loaders[status]({ owner, query });
    const statement = database.statement(`task-list-${status}-next`, listed)`${selectPage(owner, query)}`;
    return toPage(owner, query, await database.rows(statement));
  };
};

/**
 * The limit comes from a row, so that the planner does not know it. With a known limit, the planner reads and sorts all tasks
 * of a user who has few tasks according to outdated statistics. With an unknown limit, it follows the index.
 */
const selectFirstPages = (pages: readonly FirstPage[], status: TaskFilter['status']) => {
  const { filter, order } = taskSelection({ status });
  return sql.fragment`
    SELECT page.ordinal, owners.revision AS owner_revision, NULL::int8 AS total, ${taskColumns}
    FROM unnest(
      ${parameterColumn(pages, ({ owner }) => owner, 'text')},
      ${parameterColumn(pages, ({ query }) => query.limit + 1, 'int8')}
    ) WITH ORDINALITY AS page (owner_id, max_rows, ordinal)
    JOIN owners ON owners.id = page.owner_id
    LEFT JOIN LATERAL (
      SELECT * FROM tasks
      WHERE owner_id = page.owner_id AND ${meets(filter)}
      ORDER BY ${orderBy(order)}
      LIMIT page.max_rows
    ) AS task ON true`;
};

/** One page of any list. The limit is hidden from the planner, as above. */
const selectPage = (owner: UserId, { selection, limit, after, offset, count }: TaskQuery) => {
  const { filter, order } = selection;
  const isListed = sql.fragment`owner_id = ${owner} AND ${meets(filter)}`;
  const total = count
    ? sql.fragment`(SELECT count(*) FROM tasks WHERE ${isListed})`
    : sql.fragment`NULL::int8`;
  const isOnPage = after === null ? isListed : sql.fragment`${isListed} AND ${isBehind(order, after)}`;
  return sql.fragment`
    SELECT 1 AS ordinal, owners.revision AS owner_revision, ${total} AS total, ${taskColumns}
    FROM owners
    LEFT JOIN LATERAL (
      SELECT * FROM tasks
      WHERE ${isOnPage}
      ORDER BY ${orderBy(order)}
      LIMIT (SELECT ${limit + 1}::int8) OFFSET ${offset}::int8
    ) AS task ON true
    WHERE owners.id = ${owner}`;
};

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
