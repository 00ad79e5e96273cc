import { sql } from 'slonik';
import type { OrderBy, Position, TaskOrder } from '../../../domain/task-order.ts';
import type { ColumnType, Fragment } from './columns.ts';
import { due } from './task-conditions.ts';

/** What tasks are ordered by, and the type of a parameter to compare it with. */
const sortColumns: Readonly<Record<OrderBy, { readonly column: Fragment; readonly type: ColumnType }>> = {
  createdAt: { column: sql.fragment`created_at`, type: 'timestamptz' },
  updatedAt: { column: sql.fragment`updated_at`, type: 'timestamptz' },
  title: { column: sql.fragment`title_folded`, type: 'text' },
  dueDate: { column: due, type: 'text' },
  priority: { column: sql.fragment`priority`, type: 'int2' },
};

/** The expressions of ORDER BY. */
export const orderBy = ({ by, direction }: TaskOrder): Fragment => {
  const ties = sql.fragment`created_at DESC, tasks.id DESC`;
  if (by === 'createdAt' && direction === 'desc') return ties;
  return sql.fragment`${sortColumns[by].column} ${keywords[direction]} NULLS LAST, ${ties}`;
};

const keywords = { asc: sql.fragment`ASC`, desc: sql.fragment`DESC` };

/** The rows behind this position. The first condition is what an index can start at; the second one excludes ties. */
export const isBehind = ({ by, direction }: TaskOrder, { value, createdAt, id }: Position): Fragment => {
  const isTieBehind = sql.fragment`(created_at, tasks.id) < (${createdAt}::timestamptz, ${id}::uuid)`;
  if (by === 'createdAt' && direction === 'desc') return isTieBehind;
  const { column, type } = sortColumns[by];
  if (value === null) return sql.fragment`${column} IS NULL AND ${isTieBehind}`;
  const place = sql.fragment`${value}::${sql.identifier([type])}`;
  const behind =
    direction === 'asc'
      ? sql.fragment`${column} >= ${place} AND (${column} > ${place} OR ${isTieBehind})`
      : sql.fragment`${column} <= ${place} AND (${column} < ${place} OR ${isTieBehind})`;
  return by === 'dueDate' ? sql.fragment`(${behind} OR ${column} IS NULL)` : behind;
};
