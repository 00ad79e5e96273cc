import { sql } from 'slonik';
import { z } from 'zod';
import type {
  Position,
  TaskPage,
  TaskQuery,
  TaskRepository,
} from '../../application/ports/task-repository.ts';
import type { UserId } from '../../domain/owner.ts';
import type { Database } from './database.ts';
import { revision, taskColumns, taskRow, toTask, type TaskRow } from './task-row.ts';

const listed = z.union([
  taskRow.extend({ owner_revision: revision }),
  z.object({ id: z.null(), owner_revision: revision }),
]);

type Listed = z.infer<typeof listed>;

const inStatus = {
  all: sql.fragment`true`,
  pending: sql.fragment`completed = false`,
  completed: sql.fragment`completed = true`,
} as const satisfies Record<TaskQuery['status'], unknown>;

/**
 * The counter and the tasks in one snapshot; one row more than the page has room for tells that there is a next.
 *
 * The limit stands in a sub-select, which keeps its value from the planner: one that knows it reads and sorts all tasks
 * of an owner whom its statistics, of yesterday, take for a small one. Not knowing, it follows the index, page by page.
 */
export const listTasks =
  (database: Database): TaskRepository['list'] =>
  async (owner, { status, limit, after }) => {
    const name = `task-list-${status}-${after === null ? 'first' : 'next'}`;
    const rows = await database.rows(database.statement(name, listed)`
      SELECT owners.revision AS owner_revision, ${taskColumns}
      FROM owners LEFT JOIN LATERAL (
        SELECT * FROM tasks
        WHERE owner_id = ${owner} AND ${inStatus[status]} AND ${behind(after)}
        ORDER BY created_at DESC, tasks.id DESC
        LIMIT (SELECT ${limit + 1}::bigint)
      ) AS task ON true
      WHERE owners.id = ${owner}`);
    return toPage(owner, limit, rows);
  };

const behind = (position: Position | null) =>
  position === null
    ? sql.fragment`true`
    : sql.fragment`(created_at, tasks.id) < (${position.createdAt}::timestamptz, ${position.id}::uuid)`;

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
