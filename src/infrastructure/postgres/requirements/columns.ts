import { columns, rowMembers, type ColumnType } from '../tasks/columns.ts';
import { foldedFields, foldedName } from '../tasks/folded-text.ts';
import type { Facts } from './facts.ts';
import { qualified, quoteIdentifier as quoted } from './quote-identifier.ts';

type NeededType = ColumnType | 'bytea' | 'exact text' | 'jsonb' | 'text[]';

/**
 * By the type that a migration gives a column: the types with which every statement works, and returns the same. Their length and
 * precision do not matter.
 */
const acceptedTypes: Readonly<Record<NeededType, readonly string[]>> = {
  bool: ['bool'],
  bytea: ['bytea'],
  'exact text': ['text', 'varchar'], // citext takes two users for one, and orders titles in another way
  int2: ['int2', 'int4', 'int8'],
  int8: ['int8', 'int4'], // numeric is read as text
  jsonb: ['jsonb'],
  text: ['text', 'varchar', 'citext'], // char adds spaces
  'text[]': ['text[]'], // no operator compares other arrays with it
  timestamptz: ['timestamptz'], // timestamp depends on the time zone of the session
  uuid: ['uuid'],
};

/** The type to give a column that has another one. */
const migratedType = (type: NeededType): string => {
  if (type === 'exact text') return 'text';
  return type === 'timestamptz' ? 'timestamptz(3)' : type;
};

/** The columns whose order is that of their bytes. A column that gets a type without a collation gets that of the database. */
const byteOrdered = ['due_date', 'key', ...foldedFields.map(foldedName)];

const typeCommand = (table: string, column: string, type: string): string => {
  const collation = byteOrdered.includes(column) ? ' COLLATE "C"' : '';
  return `ALTER TABLE ${table} ALTER COLUMN ${quoted(column)} TYPE ${type}${collation} USING ${quoted(column)}::${type}`;
};

/** The columns of a task, in the list and in the trash. */
const taskColumns: Readonly<Record<string, NeededType>> = {
  owner_id: 'exact text',
  ...Object.fromEntries(
    rowMembers.map((member) => {
      const { name, type, storedType } = columns[member];
      return [name, storedType ?? type];
    }),
  ),
  ...Object.fromEntries(foldedFields.map((field) => [foldedName(field), 'exact text'] as const)),
  text_revision: 'int8',
};

/** The columns that the statements name. */
const neededColumns: Readonly<Record<string, Readonly<Record<string, NeededType>>>> = {
  owners: {
    id: 'exact text',
    revision: 'int8',
    email: 'text',
    display_name: 'text',
    created_at: 'timestamptz',
    indexing: 'int2',
    changes_from: 'int8',
  },
  tasks: { ...taskColumns, is_indexed: 'bool' },
  trashed_tasks: { ...taskColumns, deleted_at: 'timestamptz' },
  tombstones: { owner_id: 'exact text', task_id: 'uuid', revision: 'int8', deleted_at: 'timestamptz' },
  idempotency_keys: {
    owner_id: 'exact text',
    key: 'exact text',
    fingerprint: 'bytea',
    answer: 'jsonb',
    expires_at: 'timestamptz',
  },
};

/** What the columns of a table lack, or have too much. */
export const columnProblems = (facts: Facts, table: string): readonly string[] => {
  const name = qualified(facts, table);
  const needed = neededColumns[table] ?? {};
  const foreign = facts.mandatory_columns
    .filter((column) => column.startsWith(`${table} `))
    .map((column) => column.slice(table.length + 1))
    .filter((column) => !Object.hasOwn(needed, column));
  return [
    ...Object.entries(needed).flatMap(([column, type]) => {
      const found = facts.columns[`${table} ${column}`];
      if (found === undefined)
        return [
          `The table ${name} has no column ${column}, although it was migrated; restore the column, or its name`,
        ];
      return acceptedTypes[type].includes(found)
        ? []
        : [
            `The table ${name} has a column ${column} of the type ${found}, which the statements cannot use; run: ${typeCommand(name, column, migratedType(type))}`,
          ];
    }),
    ...foreign.map(
      (column) =>
        `The table ${name} has a column ${column} of its own that is NOT NULL without a default; run: ALTER TABLE ${name} ALTER COLUMN ${quoted(column)} DROP NOT NULL, or set a default`,
    ),
  ];
};
