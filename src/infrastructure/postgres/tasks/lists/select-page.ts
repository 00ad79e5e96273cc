import { sql } from 'slonik';
import type { TaskQuery } from '../../../../application/ports/task-repository.ts';
import type { TaskFilter } from '../../../../domain/task-filter.ts';
import type { TaskSelection } from '../../../../domain/task-list.ts';
import type { TaskOrder } from '../../../../domain/task-order.ts';
import type { UserId } from '../../../../domain/user.ts';
import { columnNames, comma, rowMembers, type Fragment } from '../columns.ts';
import { foldedColumn } from '../folded-text.ts';
import { taskColumns } from '../task-row.ts';
import { meets } from './task-conditions.ts';
import { limitFromRow, selectNewest } from './select-newest.ts';
import { listParts, orderBy, type ListPart } from './task-ordering.ts';

/**
 * One page of any list, from one snapshot; one row more than the limit. `usesIndexes`: all tasks of the user are in the indexes
 * of large lists; PostgreSQL uses such an index only where the condition of the index is in the statement.
 */
export const selectPage = (
  owner: UserId,
  { selection: { filter, order }, limit, after, offset, count }: TaskQuery,
  usesIndexes: boolean,
): Fragment => {
  const all = sql.fragment`owner_id = ${owner}`;
  const unfiltered = usesIndexes ? sql.fragment`${all} AND is_indexed` : all;
  const listed = sql.fragment`${unfiltered} AND ${meets(filter)}`;
  const maxRows = offset + limit + 1;
  // An index of conditions can be better than that of the order; only a known limit lets the planner compare them.
  const limitOfPart = hasConditions(filter) ? sql.fragment`${maxRows}` : limitFromRow(maxRows);
  const parts = listParts(order, after).map((part) =>
    usesIndexes && isNewestFirst(order)
      ? selectNewest({ names, unfiltered, filter: meets(filter), part, limit: maxRows })
      : selectPart(part, listed, limitOfPart),
  );
  const total = count ? sql.fragment`(SELECT count(*) FROM tasks WHERE ${listed})` : sql.fragment`NULL::int8`;
  return sql.fragment`
    SELECT coalesce(task.ordinal, 1) AS ordinal, owners.revision AS owner_revision, ${total} AS total,
      ${taskColumns}, task.title_folded
    FROM owners
    LEFT JOIN (
      SELECT *, row_number() OVER (ORDER BY ${orderBy(order)}) AS ordinal
      FROM (${sql.join(parts, sql.fragment` UNION ALL `)}) AS tasks
      ORDER BY ${orderBy(order)}
      LIMIT ${limit + 1} OFFSET ${offset}
    ) AS task ON true
    WHERE owners.id = ${owner}`;
};

/** The columns of a task, and what lists are ordered by. Fewer columns are sorted in less memory. */
const names = sql.fragment`${sql.join([columnNames(rowMembers), foldedColumn('title')], comma)}`;

const selectPart = (part: ListPart, listed: Fragment, limit: Fragment): Fragment => sql.fragment`(
    SELECT ${names} FROM tasks
    WHERE ${listed} AND ${part.condition}
    ORDER BY ${part.orderBy} LIMIT ${limit}
  )`;

const isNewestFirst = ({ by, direction }: TaskOrder) => by === 'createdAt' && direction === 'desc';

/** True for lists that have an index of their own for large lists; the others use the indexes of all users. */
export const hasIndex = ({ filter, order }: TaskSelection): boolean =>
  order.by !== 'createdAt' || hasConditions(filter);

const hasConditions = ({ search, tag, tags, dueFrom, dueBefore, priorities }: TaskFilter): boolean =>
  [search, tag, tags, dueFrom, dueBefore, priorities].some((condition) => condition !== null);
