import { sql } from 'slonik';
import { priorities } from '../../../../domain/task.ts';
import {
  partsOfTitleValue,
  type Direction,
  type OrderBy,
  type Position,
  type TaskOrder,
} from '../../../../domain/task-order.ts';
import { comma, parameter, type ColumnType, type Fragment } from '../columns.ts';
import { due } from './task-conditions.ts';

/** A part of an ordered list: the rows of a list are those of its parts, one part after the other. */
export interface ListPart {
  readonly condition: Fragment;
  readonly orderBy: Fragment;
}

/** The part of a folded title that is indexed: PostgreSQL limits the size of an entry. */
export const titleStart = sql.fragment`left(title_folded, 60)`;

const newestFirst = sql.fragment`created_at DESC, tasks.id DESC`;
const everything = sql.fragment`true`;

/**
 * The parts of a list in this order, from `after` on. An index has one direction for ties: an order by few values, or with
 * nulls, is several parts, each of which PostgreSQL can read in the order of an index.
 */
export const listParts = (order: TaskOrder, after: Position | null): readonly ListPart[] => {
  const sorted = (by: SortedOrder['by']) => sortedPart({ by, direction: order.direction }, after);
  switch (order.by) {
    case 'createdAt':
      return [order.direction === 'desc' ? partNewestFirst(everything, after) : sorted(order.by)];
    case 'dueDate': {
      // The planner does not see that an index is in this order where the first column is null.
      const orderBy = sql.fragment`${due}, ${newestFirst}`;
      const withoutDate = {
        ...partNewestFirst(sql.fragment`${due} IS NULL`, after?.value === null ? after : null),
        orderBy,
      };
      return after?.value === null ? [withoutDate] : [sorted(order.by), withoutDate];
    }
    case 'priority':
      return ranks(order.direction)
        .filter((rank) => after === null || !isBefore(rank, Number(after.value), order.direction))
        .map((rank) =>
          partNewestFirst(sql.fragment`priority = ${rank}::int2`, after?.value === `${rank}` ? after : null),
        );
    case 'title':
    case 'updatedAt':
      return [sorted(order.by)];
  }
};

/** The whole order, for the rows of all parts. */
export const orderBy = ({ by, direction }: TaskOrder): Fragment => {
  const columns = by === 'priority' ? [sql.fragment`priority`] : columnsOf(by);
  return sortedBy(columns, sql.fragment`${keywords[direction]} NULLS LAST`);
};

const ranks = (direction: Direction): readonly number[] => {
  const ascending = priorities.map((_, index) => index + 1);
  return direction === 'asc' ? ascending : ascending.reverse();
};

const isBefore = (rank: number, other: number, direction: Direction): boolean =>
  direction === 'asc' ? rank < other : rank > other;

const partNewestFirst = (condition: Fragment, after: Position | null): ListPart => ({
  condition: after === null ? condition : sql.fragment`${condition} AND ${isTieBehind(after)}`,
  orderBy: newestFirst,
});

const isTieBehind = ({ createdAt, id }: Position): Fragment =>
  sql.fragment`(created_at, tasks.id) < (${createdAt}::timestamptz, ${id}::uuid)`;

/** An order whose rows are sorted by a value. */
interface SortedOrder extends TaskOrder {
  readonly by: Exclude<OrderBy, 'priority'>;
}

/** What a list is sorted by before {@link newestFirst}, and the type of a parameter to compare it with. */
const sortColumns: Readonly<
  Record<Exclude<SortedOrder['by'], 'title'>, { readonly column: Fragment; readonly type: ColumnType }>
> = {
  createdAt: { column: sql.fragment`created_at`, type: 'timestamptz' },
  updatedAt: { column: sql.fragment`updated_at`, type: 'timestamptz' },
  dueDate: { column: due, type: 'text' },
};

const titleFolded = sql.fragment`title_folded`;
/** Compares code points, whatever the locale of the database is. */
const titleByCodePoints = sql.fragment`title COLLATE "C"`;

const columnsOf = (by: SortedOrder['by']): readonly Fragment[] =>
  by === 'title' ? [titleFolded, titleByCodePoints] : [sortColumns[by].column];

const sortedPart = ({ by, direction }: SortedOrder, after: Position | null): ListPart => {
  const hasValue = by === 'dueDate' ? sql.fragment`${due} IS NOT NULL` : everything;
  const columns = columnsOf(by);
  return {
    condition:
      after === null ? hasValue : sql.fragment`${hasValue} AND ${isBehind({ by, direction }, after)}`,
    orderBy: sortedBy(by === 'title' ? [titleStart, ...columns] : columns, keywords[direction]),
  };
};

const sortedBy = (columns: readonly Fragment[], keyword: Fragment): Fragment =>
  sql.fragment`${sql.join([...columns.map((column) => sql.fragment`${column} ${keyword}`), newestFirst], comma)}`;

const keywords = { asc: sql.fragment`ASC`, desc: sql.fragment`DESC` };
const comparisons = { asc: sql.fragment`>`, desc: sql.fragment`<` };

/** The first condition is where an index starts; the second one excludes what is before the position. */
const isBehind = ({ by, direction }: SortedOrder, after: Position): Fragment => {
  const isBeyond = comparisons[direction];
  /** Behind a value; where it is equal, `ties` decides. */
  const behind = (column: Fragment, value: Fragment, ties: Fragment): Fragment =>
    sql.fragment`(${column} ${isBeyond} ${value} OR (${column} = ${value} AND ${ties}))`;

  if (by !== 'title') {
    const { column, type } = sortColumns[by];
    const value = parameter(after.value, type);
    return sql.fragment`${column} ${isBeyond}= ${value} AND ${behind(column, value, isTieBehind(after))}`;
  }
  const parts = partsOfTitleValue(after.value ?? '');
  if (parts === null) throw new Error('A position in a list by title has no title');
  const folded = parameter(parts.folded, 'text');
  const sameFolded = behind(titleByCodePoints, parameter(parts.title, 'text'), isTieBehind(after));
  return sql.fragment`${titleStart} ${isBeyond}= left(${folded}, 60) AND ${behind(titleFolded, folded, sameFolded)}`;
};
