import { sql } from 'slonik';
import { priorities, type Task, type TaskFields } from '../../../domain/task.ts';
import type { UserId } from '../../../domain/user.ts';

export type ColumnType = 'bool' | 'int2' | 'int8' | 'text' | 'timestamptz' | 'uuid';
export type ColumnValue = boolean | number | string | null;

export type Fragment = ReturnType<typeof sql.fragment>;

/** How a member of a task is stored. */
interface Column<Value> {
  readonly name: string;
  /** The type of a parameter with its value. */
  readonly type: ColumnType;
  /** Makes the parameter of a value. */
  readonly toParameter: (value: Value) => ColumnValue;
  /** The value to store, where the column has another type than the parameter. */
  readonly store?: (parameter: Fragment) => Fragment;
  /** The type of the column, where it is another one than the parameter's. */
  readonly storedType?: 'text[]';
  /** The value to read, where it is another one than the column's. */
  readonly read?: (column: Fragment) => Fragment;
  /** Checks a value of a row. The types and constraints of the table guarantee its form and its length. */
  readonly isValue: (value: unknown) => value is Value;
  /** The value that an update writes, where a change can be more than a value. */
  readonly assign?: (value: Fragment) => Fragment;
}

/** A row of `tasks` without its owner, who is known wherever a row is read. */
export type TaskRow = Omit<Task, 'owner'>;

const text = <Value extends string>(name: string, type: ColumnType = 'text'): Column<Value> => ({
  name,
  type,
  toParameter: (value) => value,
  isValue: (value): value is Value => typeof value === 'string',
});

const nullable = <Value>({ name, type, toParameter, isValue }: Column<Value>): Column<Value | null> => ({
  name,
  type,
  toParameter: (value) => (value === null ? null : toParameter(value)),
  isValue: (value) => value === null || isValue(value),
});

const boolean = (name: string, assign: NonNullable<Column<boolean>['assign']>): Column<boolean> => ({
  name,
  type: 'bool',
  toParameter: (value) => value,
  isValue: (value) => typeof value === 'boolean',
  assign,
});

const integer = <Value extends number>(name: string): Column<Value> => ({
  name,
  type: 'int8',
  toParameter: (value) => value,
  isValue: (value): value is Value => typeof value === 'number',
});

/** One of some texts, stored as its number, from 1 on: so that the order of the column is the order of the texts. */
const ranked = <Value extends string>(name: string, texts: readonly Value[]): Column<Value> => ({
  name,
  type: 'int2',
  toParameter: (value) => texts.indexOf(value) + 1,
  read: (column) =>
    sql.fragment`(ARRAY[${sql.join(
      texts.map((text) => sql.literalValue(text)),
      comma,
    )}])[${column}]`,
  isValue: (value): value is Value => typeof value === 'string',
});

/** An array. As a parameter it is text, because arrays of arrays cannot be passed to `unnest`. */
const texts = <Value extends string>(name: string): Column<readonly Value[]> => ({
  name,
  type: 'text',
  toParameter: (values) => `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`,
  store: (parameter) => sql.fragment`${parameter}::text[]`,
  storedType: 'text[]',
  isValue: (value): value is readonly Value[] => Array.isArray(value),
});

/** The columns of what a client sets. Inserts, updates, batches and the check of rows are made from this table. */
const fieldColumns: { readonly [Field in keyof TaskFields]: Column<TaskFields[Field]> } = {
  title: text('title'),
  description: nullable(text('description')),
  completed: boolean('completed', (value) => sql.fragment`coalesce(${value}, NOT task.completed)`),
  priority: ranked('priority', priorities),
  dueDate: nullable(text('due_date')),
  tags: texts('tags'),
};

/** The columns of all members of a row, in the order in which rows are selected. */
export const columns: { readonly [Member in keyof TaskRow]: Column<TaskRow[Member]> } = {
  id: text('id', 'uuid'),
  ...fieldColumns,
  createdAt: text('created_at', 'timestamptz'),
  updatedAt: text('updated_at', 'timestamptz'),
  revision: integer('revision'),
};

/** The members of an object whose members are known. */
const membersOf = <Member extends string>(table: Readonly<Record<Member, unknown>>): readonly Member[] =>
  Object.keys(table).filter((member): member is Member => Object.hasOwn(table, member));

export const fields = membersOf(fieldColumns);
export const rowMembers = membersOf(columns);

export const comma = sql.fragment`, `;

export const columnName = (member: keyof TaskRow): Fragment =>
  sql.fragment`${sql.identifier([columns[member].name])}`;

export const columnNames = (members: readonly (keyof TaskRow)[]) => sql.join(members.map(columnName), comma);

/** The value of a member, from a relation that the statement calls `task`. */
export const readColumn = (member: keyof TaskRow): Fragment => {
  const { name, read } = columns[member];
  const column = sql.fragment`${sql.identifier(['task', name])}`;
  return read?.(column) ?? column;
};

/** What is stored of a parameter. */
export const stored = (value: Fragment, member: keyof TaskRow): Fragment =>
  columns[member].store?.(value) ?? value;

/** A value as a parameter of a statement. */
export const parameter = (value: ColumnValue, type: ColumnType): Fragment =>
  sql.fragment`${value}::${sql.identifier([type])}`;

/** The parameter of a member; null where there is no value. */
export const parameterOf = <Member extends keyof TaskRow>(
  values: { readonly [Name in Member]?: TaskRow[Name] | null },
  member: Member,
): ColumnValue => parameterOrNull<TaskRow[Member]>(columns[member], values[member]);

const parameterOrNull = <Value>(
  { toParameter }: Column<Value>,
  value: Value | null | undefined,
): ColumnValue => (value === null || value === undefined ? null : toParameter(value));

export const toTask = (owner: UserId, row: TaskRow): Task => ({
  id: row.id,
  owner,
  title: row.title,
  description: row.description,
  completed: row.completed,
  priority: row.priority,
  dueDate: row.dueDate,
  tags: row.tags,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
  revision: row.revision,
});
