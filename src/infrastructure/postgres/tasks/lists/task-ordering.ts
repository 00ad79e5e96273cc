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
  const columns = by === 'priority' ? [sql.fragment`priority`] : sortColumns[by].map(({ column }) => column);
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

/** What a list is sorted by before {@link newestFirst}, and the types of parameters to compare it with. */
const sortColumns: Readonly<
  Record<SortedOrder['by'], readonly { readonly column: Fragment; readonly type: ColumnType }[]>
> = {
  createdAt: [{ column: sql.fragment`created_at`, type: 'timestamptz' }],
  updatedAt: [{ column: sql.fragment`updated_at`, type: 'timestamptz' }],
  title: [
    { column: sql.fragment`title_folded`, type: 'text' },
    // Compares code points, whatever the locale of the database is.
    { column: sql.fragment`title COLLATE "C"`, type: 'text' },
  ],
  dueDate: [{ column: due, type: 'text' }],
};

const sortedPart = ({ by, direction }: SortedOrder, after: Position | null): ListPart => {
  const hasValue = by === 'dueDate' ? sql.fragment`${due} IS NOT NULL` : everything;
  const columns = sortColumns[by].map(({ column }) => column);
  return {
    condition:
      after === null ? hasValue : sql.fragment`${hasValue} AND ${isBehind({ by, direction }, after)}`,
    orderBy: sortedBy(by === 'title' ? [titleStart, ...columns] : columns, keywords[direction]),
  };
};

const sortedBy = (columns: readonly Fragment[], keyword: Fragment): Fragment =>
  sql.fragment`${sql.join([...columns.map((column) => sql.fragment`${column} ${keyword}`), newestFirst], comma)}`;

const keywords = { asc: sql.fragment`ASC`, desc: sql.fragment`DESC` };

/** The first condition is where an index starts; the second one excludes what is before the position. */
const isBehind = ({ by, direction }: SortedOrder, after: Position): Fragment => {
  const isBeyond = direction === 'asc' ? sql.fragment`>` : sql.fragment`<`;
  const texts = valuesOf(by, after);
  const keys = sortColumns[by].map(({ column, type }, index) => ({
    column,
    value: parameter(texts[index] ?? null, type),
  }));
  const isBeyondKeys = keys.reduceRight(
    (isBeyondNext, { column, value }) =>
      sql.fragment`(${column} ${isBeyond} ${value} OR (${column} = ${value} AND ${isBeyondNext}))`,
    isTieBehind(after),
  );
  const starts = keys
    .slice(0, 1)
    .map(({ column, value }) =>
      by === 'title'
        ? sql.fragment`${titleStart} ${isBeyond}= left(${value}, 60)`
        : sql.fragment`${column} ${isBeyond}= ${value}`,
    );
  return sql.fragment`${sql.join([...starts, isBeyondKeys], sql.fragment` AND `)}`;
};

const valuesOf = (by: SortedOrder['by'], { value }: Position): readonly (string | null)[] => {
  if (by !== 'title') return [value];
  const parts = partsOfTitleValue(value ?? '');
  if (parts === null) throw new Error('A position in a list by title has no title');
  return [parts.folded, parts.title];
};
