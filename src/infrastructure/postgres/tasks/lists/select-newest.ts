import { sql } from 'slonik';
import type { Fragment } from '../columns.ts';
import type { ListPart } from './task-ordering.ts';

/** How many of the newest tasks show whether many tasks meet a filter. */
const sampleSize = 250;

/** At most as many tasks are read in the order of the list; it takes about as long to find 10,000 by an index and sort them. */
const maxWalked = 12_000;

interface FilteredRows {
  readonly names: Fragment;
  /** The tasks of a list without its filter. */
  readonly unfiltered: Fragment;
  readonly filter: Fragment;
  readonly part: ListPart;
  readonly limit: number;
}

/**
 * The newest tasks that meet a filter. If many do, they are read newest first until there are enough: an index of the filter would
 * return all of them, to be sorted. If few do, that index is read. PostgreSQL cannot estimate how many do, because its statistics
 * are of the tasks of all users; a sample of the newest tasks shows it. If the next tasks are unlike the sample, the tasks that
 * were read are dropped, and the index is read.
 */
export const selectNewest = ({ names, unfiltered, filter, part, limit }: FilteredRows): Fragment => {
  const newest = (columns: Fragment, count: Fragment) => sql.fragment`
    SELECT ${columns} FROM (
      SELECT * FROM tasks WHERE ${unfiltered} AND ${part.condition}
      ORDER BY ${part.orderBy} LIMIT ${count}
    ) AS tasks
    WHERE ${filter}`;
  return sql.fragment`
    WITH sample AS MATERIALIZED (
      SELECT ${limit * sampleSize}::int8 / nullif(count(*), 0) AS expected
      FROM (${newest(sql.fragment`1`, sql.fragment`${sampleSize}`)}) AS tasks
    ),
    walked AS MATERIALIZED (
      ${newest(names, sql.fragment`(SELECT ${rowsToWalk} FROM sample)`)} LIMIT ${limit}
    )
    SELECT ${names} FROM walked AS tasks WHERE ${hasEnough(limit)}
    UNION ALL (
      SELECT ${names} FROM tasks
      WHERE ${unfiltered} AND ${filter} AND ${part.condition} AND NOT ${hasEnough(limit)}
      ORDER BY ${part.orderBy} LIMIT ${limit}
    )`;
};

/** Twice as many as the sample lets expect, for tasks that are not distributed evenly. */
const rowsToWalk = sql.fragment`
  CASE WHEN expected <= ${maxWalked} THEN least(2 * expected, ${maxWalked}) ELSE 0 END`;

const hasEnough = (limit: number) => sql.fragment`(SELECT count(*) = ${limit} FROM walked)`;

/**
 * A limit that the planner does not know, so that it follows the index of the order. With a known one, it compares costs by
 * statistics that are of the tasks of all users, and often reads and sorts all tasks of the user.
 */
export const limitFromRow = (limit: number): Fragment => sql.fragment`(SELECT ${limit}::int8)`;
