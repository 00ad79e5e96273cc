import { requiredSettings } from '../connection/session-settings.ts';
import { columns, rowMembers } from '../tasks/columns.ts';
import { foldedFields, foldedName } from '../tasks/folded-text.ts';
import { record, type Facts } from './facts.ts';
import { quoteIdentifier as quoted } from './quote-identifier.ts';
import { firstSchema, isSystemSchema, schemaProblems, systemSchemaProblems } from './schema-problems.ts';

/**
 * `unusable`: the database cannot hold the data, so that the service refuses to start. `unprepared`: requests get 503 until
 * it is repaired. `read-only`: writes get 503, and the service is not ready.
 */
type Severity = 'unusable' | 'unprepared' | 'read-only';

/** A requirement that a database does not meet: a sentence with what to do, for an operator. */
export interface Unmet {
  readonly severity: Severity;
  readonly problem: string;
}

const oldestVersion = 15;

/** Everything that the service needs of a database. Start, readiness, requests, migrations and check-config use this list. */
export const unmetRequirements = (facts: Facts, migrations: readonly string[]): readonly Unmet[] => {
  const schema = schemaProblems(facts);
  return [
    ...unusable(facts),
    ...of('unprepared', schema.length > 0 ? schema : migrationProblems(facts, migrations)),
    ...of('unprepared', settingProblems(facts)),
    ...of('read-only', readOnlyProblems(facts)),
  ];
};

/** The migrations that have not run, in order; none where the role may not read the record. */
export const pendingMigrations = ({ applied }: Facts, migrations: readonly string[]): readonly string[] =>
  migrations.filter((name) => applied?.includes(name) === false);

/** The requirements that migrations need and that are not met. `isDone`: only what is needed to see that none is pending. */
export const migrationObstacles = (facts: Facts, isDone: boolean): readonly Unmet[] => {
  const { schema, role, can_create } = facts;
  const rights =
    isDone || schema === null || can_create
      ? []
      : [
          `The role ${role} may not create tables in the schema ${schema}; run: GRANT CREATE ON SCHEMA ${quoted(schema)} TO ${quoted(role)}`,
        ];
  return [
    ...unusable(facts),
    ...of('unprepared', [
      ...schemaProblems(facts),
      ...rights,
      ...(isDone ? [] : extensionProblems(facts)),
      ...rowSecurityProblems(facts, record),
      ...recordProblems(facts),
    ]),
    ...of('read-only', isDone ? [] : readOnlyProblems(facts)),
  ];
};

const recordProblems = (facts: Facts): readonly string[] =>
  facts.applied !== null || facts.row_security.includes(record) ? [] : [unreadableRecord(facts)];

export const unreadableRecord = (facts: Facts): string =>
  `The role ${facts.role} may not read which migrations ran; run: ${grantCommand(facts, 'SELECT', record)}`;

/** PostgreSQL's own extensions, which the indexes of large lists need. */
const extensionProblems = (facts: Facts): readonly string[] =>
  facts.missing_extensions.flatMap((name) => {
    if (facts.unavailable_extensions.includes(name))
      return [
        `The server has no files of the extension ${name}, which is part of PostgreSQL; install them (Debian: postgresql-contrib, before version 18 also a package of its own)`,
      ];
    return facts.can_create_extensions
      ? []
      : [
          `The role ${facts.role} may not create the extension ${name}; migrate as a role that may, or let an administrator run in this database: CREATE EXTENSION ${name}`,
        ];
  });

const of = (severity: Severity, problems: readonly string[]): readonly Unmet[] =>
  problems.map((problem) => ({ severity, problem }));

const unusable = (facts: Facts): readonly Unmet[] =>
  of('unusable', [...versionProblems(facts), ...encodingProblems(facts), ...systemSchemaProblems(facts)]);

const versionProblems = ({ version }: Facts): readonly string[] =>
  version < oldestVersion ? [`PostgreSQL ${version} is too old; it must be ${oldestVersion} or newer`] : [];

const encodingProblems = ({ encoding }: Facts): readonly string[] =>
  encoding === 'UTF8'
    ? []
    : [
        `The encoding of the database is ${encoding}, which cannot hold every character; it must be UTF8 (CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0)`,
      ];

const readOnlyProblems = ({ read_only }: Facts): readonly string[] =>
  read_only ? ['The database is read-only: a standby, or default_transaction_read_only'] : [];

/** The rights on each table that the statements need. */
const neededRights: Readonly<Record<string, readonly string[]>> = {
  owners: ['SELECT', 'INSERT', 'UPDATE'],
  tasks: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
};

/** The columns that the statements name. */
const neededColumns: Readonly<Record<string, readonly string[]>> = {
  owners: ['id', 'revision', 'email', 'display_name', 'created_at', 'indexing'],
  tasks: [
    'owner_id',
    ...rowMembers.map((member) => columns[member].name),
    ...foldedFields.map(foldedName),
    'text_revision',
    'is_indexed',
  ],
};

const migrationProblems = (facts: Facts, migrations: readonly string[]): readonly string[] => {
  const { role, schema, tables, rights } = facts;
  if (isSystemSchema(firstSchema(facts))) return [];
  const inSchema = `in the schema ${schema ?? ''}`;
  const hidden = rowSecurityProblems(facts, record);
  if (hidden.length > 0) return hidden;
  const pending = pendingMigrations(facts, migrations);
  if (pending.length > 0)
    return [
      `Migrations are missing ${inSchema}: ${pending.join(', ')}; run: npm run migrate`,
      ...extensionProblems(facts),
    ];
  return Object.entries(neededRights).flatMap(([table, needed]) => {
    if (!tables.includes(table))
      return [`The table ${table} is missing ${inSchema}, although it was migrated`];
    const missing = needed.filter((right) => !rights.includes(`${table} ${right}`)).join(', ');
    const rightProblems =
      missing === '' ? [] : [`The role ${role} lacks rights; run: ${grantCommand(facts, missing, table)}`];
    return [...rightProblems, ...rowSecurityProblems(facts, table), ...columnProblems(facts, table)];
  });
};

/** The command that gives the role these rights on the table. */
const grantCommand = (facts: Facts, rights: string, table: string): string =>
  `GRANT ${rights} ON ${qualified(facts, table)} TO ${quoted(facts.role)}`;

const qualified = ({ schema }: Facts, table: string): string => `${quoted(schema ?? '')}.${table}`;

/** A list without the hidden rows would look complete. */
const rowSecurityProblems = (facts: Facts, table: string): readonly string[] => {
  if (!facts.row_security.includes(table)) return [];
  const name = qualified(facts, table);
  return [
    `Row-level security applies to the role ${facts.role} on the table ${table}, and can hide rows; run: ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY, or ALTER ROLE ${quoted(facts.role)} BYPASSRLS`,
  ];
};

const columnProblems = (facts: Facts, table: string): readonly string[] => {
  const name = qualified(facts, table);
  const needed = neededColumns[table] ?? [];
  const missing = needed.filter((column) => !facts.columns.includes(`${table} ${column}`));
  const foreign = facts.mandatory_columns
    .filter((column) => column.startsWith(`${table} `))
    .map((column) => column.slice(table.length + 1))
    .filter((column) => !needed.includes(column));
  return [
    ...missing.map(
      (column) =>
        `The table ${name} has no column ${column}, although it was migrated; restore the column, or its name`,
    ),
    ...foreign.map(
      (column) =>
        `The table ${name} has a column ${column} of its own that is NOT NULL without a default; run: ALTER TABLE ${name} ALTER COLUMN ${quoted(column)} DROP NOT NULL, or set a default`,
    ),
  ];
};

const settingProblems = ({ settings, role }: Facts): readonly string[] =>
  Object.entries(requiredSettings).flatMap(([name, required]) => {
    const value = settings[name] ?? '';
    const isMet =
      name === 'DateStyle' ? value.startsWith('ISO') : value.toLowerCase() === required.toLowerCase();
    return isMet || name === 'TimeZone'
      ? []
      : [`The setting ${name} is ${value}; run: ALTER ROLE ${quoted(role)} SET ${name} = '${required}'`];
  });
