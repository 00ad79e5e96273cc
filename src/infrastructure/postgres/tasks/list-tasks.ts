import { sql } from 'slonik';
import { z } from 'zod';
import type {
  Position,
  TaskPage,
  TaskQuery,
  TaskRepository,
} from '../../../application/ports/task-repository.ts';
import type { UserId } from '../../../domain/user.ts';
import type { Revision } from '../../../domain/task.ts';
import { columnOf } from './columns.ts';
import type { Database } from '../client/database.ts';
import { revision, taskColumns, taskRow, toTask, type TaskRow } from './task-row.ts';

interface Place {
  readonly place: number;
  readonly owner_revision: Revision;
}

const listed = z.union([
  taskRow(
    (row): row is Place =>
      'place' in row &&
      typeof row.place === 'number' &&
      'owner_revision' in row &&
      typeof row.owner_revision === 'number',
  ),
  z.object({ id: z.null(), place: z.int(), owner_revision: revision }),
]);

type Listed = z.infer<typeof listed>;

const inStatus = {
  all: sql.fragment`true`,
  pending: sql.fragment`completed = false`,
  completed: sql.fragment`completed = true`,
} as const satisfies Record<TaskQuery['status'], unknown>;

/** Small batches: a short list waits for the longest list in its batch. */
const limits = { maxBatchSize: 16, maxConcurrentBatches: 2 };

interface Asked {
  readonly owner: UserId;
  readonly limit: number;
}

/**
 * The counter and the tasks in one snapshot; one row more than the page has room for tells that there is a next. First
 * pages of the same status, of whatever owners, are read by one statement where they are asked for at once.
 */
export const listTasks = (database: Database): TaskRepository['list'] => {
  const firstPages = (status: TaskQuery['status']) =>
    database.dataLoader<Asked, TaskPage>(async (asked, { since }) => {
      const statement = database.statement(`task-list-${status}-first`, listed)`
        ${pagesOf(asked, inStatus[status])}`;
      const rows = await database.rows(statement, since);
      const byPlace = Map.groupBy(rows, (row) => row.place);
      return ({ owner, limit }, index) => toPage(owner, limit, byPlace.get(index + 1) ?? []);
    }, limits);
  const first = {
    all: firstPages('all'),
    pending: firstPages('pending'),
    completed: firstPages('completed'),
  };

  return async (owner, { status, limit, after }) => {
    if (after === null) return first[status]({ owner, limit });
    const rows = await database.rows(database.statement(`task-list-${status}-next`, listed)`
      ${pagesOf([{ owner, limit }], sql.fragment`${inStatus[status]} AND ${behind(after)}`)}`);
    return toPage(owner, limit, rows);
  };
};

/**
 * A limit that comes out of a row is no value that the planner knows: one that knows it reads and sorts all tasks of an
 * owner whom its statistics, of yesterday, take for a small one. Not knowing, it follows the index, page by page.
 */
const pagesOf = (asked: readonly Asked[], condition: ReturnType<typeof sql.fragment>) => sql.fragment`
    SELECT asked.place, owners.revision AS owner_revision, ${taskColumns}
    FROM unnest(
      ${columnOf(asked, ({ owner }) => owner, 'text')}, ${columnOf(asked, ({ limit }) => limit + 1, 'int8')}
    ) WITH ORDINALITY AS asked (owner_id, most, place)
    JOIN owners ON owners.id = asked.owner_id
    LEFT JOIN LATERAL (
      SELECT * FROM tasks
      WHERE owner_id = asked.owner_id AND ${condition}
      ORDER BY created_at DESC, tasks.id DESC
      LIMIT asked.most
    ) AS task ON true`;

const behind = (position: Position) =>
  sql.fragment`(created_at, tasks.id) < (${position.createdAt}::timestamptz, ${position.id}::uuid)`;

const toPage = (owner: UserId, limit: number, rows: readonly Listed[]): TaskPage => {
  // A join promises no order of its own; these rows come in order, so that this costs one comparison each.
  const found = rows.filter(isTask).sort(newestFirst);
  const tasks = found.slice(0, limit).map((row) => toTask(owner, row));
  const last = tasks.at(-1);
  const next = found.length > limit && last ? { createdAt: last.createdAt, id: last.id } : null;
  return { tasks, next, revision: rows[0]?.owner_revision ?? revision.parse(0) };
};

const isTask = (row: Listed): row is Listed & TaskRow => row.id !== null;

const newestFirst = (a: TaskRow, b: TaskRow): number =>
  a.created_at === b.created_at ? (a.id < b.id ? 1 : -1) : a.created_at < b.created_at ? 1 : -1;
