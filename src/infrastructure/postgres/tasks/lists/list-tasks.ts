import { sql } from 'slonik';
import { z } from 'zod';
import type { TaskPage, TaskQuery, TaskRepository } from '../../../../application/ports/task-repository.ts';
import type { UserId } from '../../../../domain/user.ts';
import type { Revision } from '../../../../domain/task.ts';
import { everyTask, type TaskFilter } from '../../../../domain/task-filter.ts';
import { isPlain, type TaskSelection } from '../../../../domain/task-list.ts';
import {
  comparePositions,
  newestFirst,
  positionOf,
  titleValue,
  type Position,
} from '../../../../domain/task-order.ts';
import type { Database } from '../../client/database.ts';
import { toTask, type TaskRow } from '../columns.ts';
import { readIndexing } from './read-indexing.ts';
import { hasIndex, selectPage } from './select-page.ts';
import { selectPlainPage, selectPlainPages, type PageOfUser } from './select-plain-page.ts';
import { meets } from './task-conditions.ts';
import { listParts } from './task-ordering.ts';
import { revision, taskRow } from '../task-row.ts';

interface PageRow {
  /** Of the page among those of a statement; of the task on the page, where the statement reads one page. */
  readonly ordinal: number;
  readonly owner_revision: Revision;
  readonly total: number | null;
  /** The folded title as it is stored, in lists that are ordered by it. */
  readonly title_folded?: string | null;
}

const listed = z.union([
  taskRow(
    (row): row is PageRow =>
      'ordinal' in row &&
      typeof row.ordinal === 'number' &&
      'owner_revision' in row &&
      typeof row.owner_revision === 'number' &&
      'total' in row &&
      (row.total === null || typeof row.total === 'number') &&
      (!('title_folded' in row) || row.title_folded === null || typeof row.title_folded === 'string'),
  ),
  z.object({ id: z.null(), ordinal: z.int(), owner_revision: revision, total: z.int().nullable() }),
]);

type Listed = z.infer<typeof listed>;

/** Small batches: a short list waits for the longest list in its batch. */
const batchLimits = { maxBatchSize: 16, maxConcurrentBatches: 2 };

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
      ${selectPlainPage(owner, query.limit, sql.fragment`${isOnPage}`)}`;
  };

  const firstPage = (owner: UserId, query: TaskQuery) => {
    const { status } = query.selection.filter;
    return database.statement(`task-list-${status}-first-alone`, listed)`
      ${selectPlainPage(owner, query.limit, meets({ ...everyTask, status }))}`;
  };

  /** Not prepared: which index is the best one depends on the values. */
  const anyPage = async (owner: UserId, query: TaskQuery) => {
    const usesIndexes = hasIndex(query.selection) && (await isIndexed(owner));
    return database.statement(null, listed)`${selectPage(owner, query, usesIndexes)}`;
  };

  return async (owner, requested) => {
    const query = { ...requested };
    const { selection, after, offset, count } = query;
    const isSimple = isPlain(selection) && offset === 0 && !count;
    if (isSimple && after === null && database.isBatching)
      return firstPages[selection.filter.status]({ owner, query });
    if (isSimple && after === null) return toPage(owner, query, await database.rows(firstPage(owner, query)));
    if (isSimple && after !== null)
      return toPage(owner, query, await database.rows(nextPage(owner, query, after)));
    return toPage(owner, query, await database.rows(await anyPage(owner, query)), byOrdinal);
  };
};

const and = sql.fragment` AND `;

type ListedTask = Listed & PageRow & TaskRow;

const byOrdinal = (a: ListedTask, b: ListedTask): number => a.ordinal - b.ordinal;
const compareNewestFirst = comparePositions(newestFirst);
const byTime = (a: ListedTask, b: ListedTask): number => compareNewestFirst(timeOf(a), timeOf(b));
const timeOf = ({ createdAt, id }: ListedTask): Position => ({ value: createdAt, createdAt, id });

/** A join guarantees no order. These rows are sorted already, so that to sort them costs one comparison each. */
const toPage = (
  owner: UserId,
  { selection, limit, count }: TaskQuery,
  rows: readonly Listed[],
  compare = byTime,
): TaskPage => {
  const found = rows.filter(isTask).sort(compare);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    tasks: page.map((row) => toTask(owner, row)),
    next: found.length > limit && last ? positionIn(owner, selection, last) : null,
    total: count ? (rows[0]?.total ?? 0) : null,
    revision: rows[0]?.owner_revision ?? revision.parse(0),
  };
};

/** By the folded title as it is stored: that of a trigger can be another one than ours. */
const positionIn = (owner: UserId, { order }: TaskSelection, row: ListedTask): Position => {
  const position = positionOf(toTask(owner, row), order);
  if (order.by !== 'title' || !row.title_folded) return position;
  return { ...position, value: titleValue({ folded: row.title_folded, title: row.title }) };
};

const isTask = (row: Listed): row is ListedTask => row.id !== null;
