import { PG_MIGRATE_LOCK_ID, runner, type RunnerOption } from 'node-pg-migrate';
import type { Client } from 'pg';
import { connectClient } from './connection/connect.ts';
import { readConnectionSettings } from './connection/connection-settings.ts';
import type { Environment } from './connection/read-parameters.ts';
import { runOn } from './inspect-database.ts';
import { readFacts, record, type Facts } from './requirements/facts.ts';
import { migrationNames, migrationsDirectory } from './requirements/migration-files.ts';
import { migrationObstacles, pendingMigrations } from './requirements/requirements.ts';
import { UnmetRequirementsError } from './requirements/unmet-error.ts';

/**
 * Runs the migrations that have not run yet and returns their names. Forward only, in one transaction, behind an
 * advisory lock: of several instances that start at the same time, one migrates and the others wait.
 * The lock belongs to a session: this needs a direct connection, not a pooler in transaction mode.
 * Tables and the record of migrations are in the schema that the search path names first. Throws
 * {@link UnmetRequirementsError} before anything is changed.
 */
export const runMigrations = async (
  databaseUrl: string,
  environment?: Environment,
): Promise<readonly string[]> => {
  const settings = readConnectionSettings(databaseUrl, environment);
  const client = await connectClient(settings, { isPooled: true });
  try {
    const facts = await readFactsWithoutTimeout(client);
    const { schema } = facts;
    const isRecorded = facts.tables.includes(record) && facts.applied !== null;
    const isDone = isRecorded && pendingMigrations(facts, await migrationNames()).length === 0;
    const obstacles = migrationObstacles(facts, isDone);
    if (obstacles.length > 0 || schema === null) throw new UnmetRequirementsError(obstacles);
    if (isDone) return [];
    // The role's own may be for short statements; a migration waits for a lock and may fill large tables.
    await client.query('SET statement_timeout = 0');
    const run = { ...options, migrationsSchema: schema, dbClient: client };
    if (await isRecordedElsewhere(client, facts)) await adoptRecord(client, schema);
    const done = await runner(run);
    return done.map(({ name }) => name);
  } finally {
    await client.end();
  }
};

/** Leaves no session state behind: the connection can be one of a pooler. */
const readFactsWithoutTimeout = async (client: Client): Promise<Facts> => {
  await client.query('BEGIN');
  await client.query('SET LOCAL statement_timeout = 0');
  const facts = await readFacts(runOn(client));
  await client.query('COMMIT');
  return facts;
};

/** Whether the record of the tables in this schema may be in `public`, where older versions kept it for every search path. */
const isRecordedElsewhere = async (client: Client, { schema, tables }: Facts): Promise<boolean> => {
  if (schema === 'public' || tables.includes(record) || !tables.includes('tasks')) return false;
  const { rows } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('public.${record}') IS NOT NULL AS exists`,
  );
  return rows[0]?.exists === true;
};

/** Copies the record of our migrations from `public`, behind the lock of the runner, so that none runs twice. */
const adoptRecord = async (client: Client, schema: string): Promise<void> => {
  const own = `${client.escapeIdentifier(schema)}.${record}`;
  // The other levels would not see what an instance that had the lock before has copied.
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
  try {
    await client.query(`SELECT pg_advisory_xact_lock(${PG_MIGRATE_LOCK_ID})`);
    await client.query(
      `CREATE TABLE IF NOT EXISTS ${own} (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL)`,
    );
    await client.query(
      `INSERT INTO ${own} (name, run_on)
       SELECT name, run_on FROM public.${record}
       WHERE name = ANY ($1) AND name NOT IN (SELECT name FROM ${own}) ORDER BY id`,
      [await migrationNames()],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
};

const silent = () => undefined;

const options = {
  dir: migrationsDirectory,
  direction: 'up',
  migrationsTable: record,
  singleTransaction: true,
  advisoryLockMode: 'wait',
  logger: { debug: silent, info: silent, warn: silent, error: silent },
} as const satisfies Omit<RunnerOption, 'dbClient'>;
