import { runner, type RunnerOption } from 'node-pg-migrate';
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
    // The role's own may be for short statements; this one waits for a lock and may fill large tables.
    await client.query('SET statement_timeout = 0');
    const facts = await readFacts(runOn(client));
    const { schema } = facts;
    const isRecorded = facts.tables.includes(record) && facts.applied !== null;
    const isDone = isRecorded && pendingMigrations(facts, await migrationNames()).length === 0;
    const obstacles = migrationObstacles(facts, isDone);
    if (obstacles.length > 0 || schema === null) throw new UnmetRequirementsError(obstacles);
    if (isDone) return [];
    const run = { ...options, migrationsSchema: schema, dbClient: client };
    const recorded = await recordedElsewhere(client, facts);
    if (recorded > 0) await runner({ ...run, fake: true, count: recorded });
    const done = await runner(run);
    return done.map(({ name }) => name);
  } finally {
    await client.end();
  }
};

/**
 * How many migrations of the tables in this schema are recorded in `public`, where older versions kept the record whatever
 * the search path was.
 */
const recordedElsewhere = async (client: Client, { schema, tables }: Facts): Promise<number> => {
  if (schema === 'public' || tables.includes(record) || !tables.includes('tasks')) return 0;
  const [found] = (
    await client.query<{ exists: boolean }>(`SELECT to_regclass('public.${record}') IS NOT NULL AS exists`)
  ).rows;
  if (found?.exists !== true) return 0;
  return (await client.query(`SELECT name FROM public.${record}`)).rows.length;
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
