import { runner, type RunnerOption } from 'node-pg-migrate';
import { DatabaseError, type Client } from 'pg';
import { connectClient } from './connection/connect.ts';
import { readConnectionSettings } from './connection/connection-settings.ts';
import { throwUnreachable } from './connection/unreachable-error.ts';
import type { Environment } from './connection/read-parameters.ts';
import { runOn } from './inspect-database.ts';
import {
  defaultLockLimits,
  inTransaction,
  retryWhileLocked,
  withMigrationLock,
  type LockLimits,
} from './migration-lock.ts';
import { missingListIndexes } from './maintenance/list-indexes.ts';
import { prepareLists } from './maintenance/prepare-lists.ts';
import { readFacts, record, type Facts } from './requirements/facts.ts';
import { migrationNames, migrationsDirectory } from './requirements/migration-files.ts';
import { lostProblems, pendingMigrations } from './requirements/recorded-migrations.ts';
import { migrationObstacles } from './requirements/requirements.ts';
import { UnmetRequirementsError } from './requirements/unmet-error.ts';

/** The names of what was done. */
export interface Migrated {
  readonly migrations: readonly string[];
  /** The indexes that were missing although all migrations had run. Those that a migration builds are not among them. */
  readonly indexes: readonly string[];
}

/**
 * Runs the migrations that have not run yet, each in a transaction, and builds indexes that are missing. Forward only,
 * behind an advisory lock: of several instances that start at the same time, one migrates and the others wait.
 * The lock belongs to a session: this needs a direct connection, not a pooler in transaction mode.
 * Tables and the record of migrations are in the schema that the search path names first. Statements of a running service
 * wait behind a migration for the lock timeout at most, and for the time that the migration itself takes. Throws
 * {@link UnmetRequirementsError} before anything is changed, and MigrationBlockedError if other transactions hold a
 * lock of a table for too long, and `UnreachableDatabaseError` where no host can be used.
 */
export const runMigrations = async (
  databaseUrl: string,
  environment?: Environment,
  limits: LockLimits = defaultLockLimits,
): Promise<Migrated> => {
  const settings = readConnectionSettings(databaseUrl, environment);
  const client = await connectClient(settings, { isPooled: true }).catch(throwUnreachable);
  const connectWatcher = () => connectClient(settings, { isPooled: true, queryTimeoutMs: 3_000 });
  try {
    const facts = await inTransaction(client, 0, () => readFacts(runOn(client)));
    const { schema } = facts;
    const isRecorded = facts.tables.includes(record) && facts.applied !== null;
    const missingIndexes = () => inTransaction(client, 0, () => missingListIndexes(runOn(client)));
    const migrations = await migrationNames();
    const isMigrated = isRecorded && pendingMigrations(facts, migrations).length === 0;
    const isDone = isMigrated && (await missingIndexes()).length === 0;
    const obstacles = migrationObstacles(facts, migrations, isDone);
    if (obstacles.length > 0 || schema === null) throw new UnmetRequirementsError(obstacles);
    if (isDone) return { migrations: [], indexes: [] };
    return await withMigrationLock(client, async () => {
      const change = <Result>(work: () => Promise<Result>): Promise<Result> =>
        retryWhileLocked(client, limits, connectWatcher, work);
      await change(async () => {
        if (await isRecordedElsewhere(client, facts)) await adoptRecord(client, schema);
      });
      // Another instance may have migrated since the facts were read.
      const current = await inTransaction(client, 0, () => readFacts(runOn(client)));
      // The record that was adopted was not checked before.
      const lost = lostProblems(current, migrations);
      if (lost.length > 0)
        throw new UnmetRequirementsError(lost.map((problem) => ({ severity: 'unprepared', problem })));
      const pending = pendingMigrations(current, migrations);
      for (const name of pending) {
        if (name === preparedBefore) await prepareLists(client);
        await change(() => runner({ ...options, migrationsSchema: schema, dbClient: client }));
      }
      const indexes = await missingIndexes();
      if (indexes.length > 0) await prepareLists(client);
      return { migrations: pending, indexes };
    });
  } catch (error) {
    throw error instanceof DatabaseError && error.code === '42501' ? refusal(error) : error;
  } finally {
    await client.end();
  }
};

/** 42501, insufficient_privilege. Only the owner of a table or a function may change it. */
const refusal = (error: DatabaseError): UnmetRequirementsError => {
  const remedy = error.message.startsWith('must be owner of')
    ? '; migrate as the role that owns the tables'
    : '';
  const problem = `PostgreSQL refuses to migrate: ${error.message}${remedy}`;
  return new UnmetRequirementsError([{ severity: 'unprepared', problem }], { cause: error });
};

/** Every task has its folded text, and the indexes of that version exist, before this migration runs. */
const preparedBefore = '0005_text_is_folded';

/** Whether the record of the tables in this schema may be in `public`, where older versions kept it for every search path. */
const isRecordedElsewhere = async (client: Client, { schema, tables }: Facts): Promise<boolean> => {
  if (schema === 'public' || tables.includes(record) || !tables.includes('tasks')) return false;
  const { rows } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('public.${record}') IS NOT NULL AS exists`,
  );
  return rows[0]?.exists === true;
};

/** Copies the record of our migrations from `public`, so that none runs twice. */
const adoptRecord = async (client: Client, schema: string): Promise<void> => {
  const own = `${client.escapeIdentifier(schema)}.${record}`;
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${own} (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL)`,
  );
  await client.query(
    `INSERT INTO ${own} (name, run_on)
     SELECT name, run_on FROM public.${record}
     WHERE name = ANY ($1) AND name NOT IN (SELECT name FROM ${own}) ORDER BY id`,
    [await migrationNames()],
  );
};

const silent = () => undefined;

/**
 * One migration in each transaction: one that changed two tables would be in a deadlock with statements that lock them in the
 * other order. The advisory lock and the transaction are there already; the BEGIN of the runner is a warning in the log of
 * the server.
 */
const options = {
  dir: migrationsDirectory,
  direction: 'up',
  count: 1,
  migrationsTable: record,
  singleTransaction: true,
  noLock: true,
  // The requirements find a migration that the record lacks. The runner would compare the times of the rows as well.
  checkOrder: false,
  logger: { debug: silent, info: silent, warn: silent, error: silent },
} as const satisfies Omit<RunnerOption, 'dbClient'>;
