import { sql } from 'slonik';
import type { Task, TaskFields } from '../../../domain/task.ts';
import type { UserId } from '../../../domain/user.ts';

export type ColumnType = 'bool' | 'int8' | 'text' | 'timestamptz' | 'uuid';
export type ColumnValue = boolean | number | string | null;

export type Fragment = ReturnType<typeof sql.fragment>;

/** How a member of a task is stored. */
interface Column<Value extends ColumnValue> {
  readonly name: string;
  readonly type: ColumnType;
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
  isValue: (value): value is Value => typeof value === 'string',
});

const nullable = <Value extends ColumnValue>({
  name,
  type,
  isValue,
}: Column<Value>): Column<Value | null> => ({
  name,
  type,
  isValue: (value) => value === null || isValue(value),
});

const boolean = (name: string, assign: NonNullable<Column<boolean>['assign']>): Column<boolean> => ({
  name,
  type: 'bool',
  isValue: (value) => typeof value === 'boolean',
  assign,
});

const integer = <Value extends number>(name: string): Column<Value> => ({
  name,
  type: 'int8',
  isValue: (value): value is Value => typeof value === 'number',
});

/** The columns of what a client sets. Inserts, updates, batches and the check of rows are made from this table. */
const fieldColumns: { readonly [Field in keyof TaskFields]: Column<TaskFields[Field]> } = {
  title: text('title'),
  description: nullable(text('description')),
  completed: boolean('completed', (value) => sql.fragment`coalesce(${value}, NOT task.completed)`),
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

export const columnName = (member: keyof TaskRow) => sql.identifier([columns[member].name]);

export const columnNames = (members: readonly (keyof TaskRow)[]) => sql.join(members.map(columnName), comma);

/** A value as a parameter of a statement. */
export const parameter = (value: ColumnValue, member: keyof TaskRow): Fragment =>
  sql.fragment`${value}::${sql.identifier([columns[member].type])}`;

export const toTask = (owner: UserId, row: TaskRow): Task => ({
  id: row.id,
  owner,
  title: row.title,
  description: row.description,
  completed: row.completed,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
  revision: row.revision,
});
