import { sql } from 'slonik';
import type { TaskQuery } from '../../../../application/ports/task-repository.ts';
import type { TaskFilter } from '../../../../domain/task-filter.ts';
import type { TaskOrder } from '../../../../domain/task-order.ts';
import type { UserId } from '../../../../domain/user.ts';
import type { Fragment } from '../columns.ts';
import { meets } from './task-conditions.ts';
import { listParts, type ListPart } from './task-ordering.ts';
import { taskColumns } from '../task-row.ts';

/**
 * One page of any list, from one snapshot; one row more than the limit. `isIndexed`: all tasks of the user are in the indexes
 * of large lists; PostgreSQL uses such an index only where the condition of the index is in the statement.
 */
export const selectPage = (
  owner: UserId,
  { selection: { filter, order }, limit, after, offset, count }: TaskQuery,
  isIndexed: boolean,
): Fragment => {
  const all = sql.fragment`owner_id = ${owner} AND ${meets(filter)}`;
  const listed = isIndexed && usesIndex(filter, order) ? sql.fragment`${all} AND is_indexed` : all;
  const parts = listParts(order, after);
  const total = count ? sql.fragment`(SELECT count(*) FROM tasks WHERE ${listed})` : sql.fragment`NULL::int8`;
  return sql.fragment`
    SELECT 1 AS ordinal, owners.revision AS owner_revision, ${total} AS total, ${taskColumns}
    FROM owners
    LEFT JOIN (
      SELECT * FROM (
        ${sql.join(
          parts.map((part, index) => selectPart(part, index, listed, offset + limit + 1)),
          sql.fragment` UNION ALL `,
        )}
      ) AS parts
      ORDER BY part, place
      LIMIT ${limit + 1} OFFSET ${offset}
    ) AS task ON true
    WHERE owners.id = ${owner}`;
};

/** `place` is the order within the part. */
const selectPart = ({ condition, orderBy }: ListPart, part: number, listed: Fragment, limit: number) =>
  sql.fragment`(
    SELECT *, ${part}::int AS part, row_number() OVER (ORDER BY ${orderBy}) AS place
    FROM tasks WHERE ${listed} AND ${condition}
    ORDER BY ${orderBy} LIMIT ${limit}
  )`;

/** The lists that have an index of their own for large lists; the others use the indexes of all users. */
const usesIndex = ({ search, tag, tags }: TaskFilter, { by }: TaskOrder): boolean =>
  search !== null || tag !== null || tags !== null || by !== 'createdAt';
