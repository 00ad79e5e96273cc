import { requiredSettings } from '../connection/session-settings.ts';
import { columnProblems } from './columns.ts';
import { record, type Facts } from './facts.ts';
import { extensionProblems, ownerProblems } from './migration-rights.ts';
import { functionProblems, keyProblems } from './keys-and-triggers.ts';
import { qualified, quoteIdentifier as quoted } from './quote-identifier.ts';
import { lostProblems, pendingMigrations } from './recorded-migrations.ts';
import { firstSchema, isSystemSchema, schemaProblems, systemSchemaProblems } from './schema-problems.ts';
import type { Severity, Unmet } from './unmet-error.ts';

const oldestVersion = 15;

/** Everything that the service needs of a database. Start, readiness, requests, migrations and check-config use this list. */
export const unmetRequirements = (facts: Facts, migrations: readonly string[]): readonly Unmet[] => {
  const schema = schemaProblems(facts);
  return [
    ...unusable(facts),
    ...of('unprepared', schema.length > 0 ? schema : migrationProblems(facts, migrations)),
    ...sessionProblems(facts),
    ...of('read-only', readOnlyProblems(facts)),
  ];
};

/** What no migration repairs: the settings of the sessions that the service uses. */
export const sessionProblems = (facts: Facts): readonly Unmet[] =>
  of('unprepared', [...settingProblems(facts), ...isolationProblems(facts)]);

/** The requirements that migrations need and that are not met. `isDone`: only what is needed to see that none is pending. */
export const migrationObstacles = (
  facts: Facts,
  migrations: readonly string[],
  isDone: boolean,
): readonly Unmet[] => {
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
      ...(isDone ? [] : [...ownerProblems(facts, migrations), ...extensionProblems(facts)]),
      ...rowSecurityProblems(facts, record),
      ...recordProblems(facts),
      ...lostProblems(facts, migrations),
    ]),
    ...of('read-only', isDone ? [] : readOnlyProblems(facts)),
  ];
};

const recordProblems = (facts: Facts): readonly string[] =>
  facts.applied !== null || facts.row_security.includes(record) ? [] : [unreadableRecord(facts)];

export const unreadableRecord = (facts: Facts): string =>
  `The role ${facts.role} may not read which migrations ran; run: ${grantCommand(facts, 'SELECT', record)}`;

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
  trashed_tasks: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'], // UPDATE: rows are locked
  tombstones: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  idempotency_keys: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
};

const migrationProblems = (facts: Facts, migrations: readonly string[]): readonly string[] => {
  const { role, schema, tables, rights } = facts;
  if (isSystemSchema(firstSchema(facts))) return [];
  const inSchema = `in the schema ${schema ?? ''}`;
  const hidden = rowSecurityProblems(facts, record);
  if (hidden.length > 0) return hidden;
  const lost = lostProblems(facts, migrations);
  if (lost.length > 0) return lost;
  const pending = pendingMigrations(facts, migrations);
  if (pending.length > 0)
    return [
      `Migrations are missing ${inSchema}: ${pending.join(', ')}; run: npm run migrate`,
      ...extensionProblems(facts),
    ];
  const tableProblems = Object.entries(neededRights).flatMap(([table, needed]) => {
    if (!tables.includes(table))
      return [`The table ${table} is missing ${inSchema}, although it was migrated`];
    const missing = needed.filter((right) => !rights.includes(`${table} ${right}`)).join(', ');
    const rightProblems =
      missing === '' ? [] : [`The role ${role} lacks rights; run: ${grantCommand(facts, missing, table)}`];
    return [
      ...rightProblems,
      ...rowSecurityProblems(facts, table),
      ...columnProblems(facts, table),
      ...keyProblems(facts, table),
    ];
  });
  return [...tableProblems, ...functionProblems(facts)];
};

/** The command that gives the role these rights on the table. */
const grantCommand = (facts: Facts, rights: string, table: string): string =>
  `GRANT ${rights} ON ${qualified(facts, table)} TO ${quoted(facts.role)}`;

/** A list without the hidden rows would look complete. */
const rowSecurityProblems = (facts: Facts, table: string): readonly string[] => {
  if (!facts.row_security.includes(table)) return [];
  const name = qualified(facts, table);
  return [
    `Row-level security applies to the role ${facts.role} on the table ${table}, and can hide rows; run: ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY, or ALTER ROLE ${quoted(facts.role)} BYPASSRLS`,
  ];
};

/** YugabyteDB can execute READ COMMITTED as a stricter level, whose writes fail where they should wait. */
const isolationProblems = ({ isolation }: Facts): readonly string[] =>
  isolation === null || isolation === 'read committed'
    ? []
    : [
        `YugabyteDB executes READ COMMITTED as ${isolation}; set the flag yb_enable_read_committed_isolation=true of its tablet servers`,
      ];

const settingProblems = ({ settings, role }: Facts): readonly string[] =>
  Object.entries(requiredSettings).flatMap(([name, required]) => {
    const value = settings[name] ?? '';
    const isMet =
      name === 'DateStyle' ? value.startsWith('ISO') : value.toLowerCase() === required.toLowerCase();
    return isMet || name === 'TimeZone'
      ? []
      : [`The setting ${name} is ${value}; run: ALTER ROLE ${quoted(role)} SET ${name} = '${required}'`];
  });
