import { fileURLToPath } from 'node:url';
import { runner, type RunnerOption } from 'node-pg-migrate';
import { Client } from 'pg';
import { withCheckedTls } from './client/connection-string.ts';

export const migrationsDirectory = fileURLToPath(new URL('migrations/', import.meta.url));

/**
 * Runs the migrations that have not run yet and returns their names. Forward only, in one transaction, behind an
 * advisory lock: of several instances that start at the same time, one migrates and the others wait.
 * The lock belongs to a session: this needs a direct connection, not a pooler in transaction mode.
 */
export const runMigrations = async (databaseUrl: string): Promise<readonly string[]> => {
  const client = new Client({ connectionString: withCheckedTls(databaseUrl) });
  // A connection that drops fails the statement that uses it; without a listener it would end the process as well.
  client.on('error', silent);
  try {
    await client.connect();
    const done = await runner({ ...options, dbClient: client });
    return done.map(({ name }) => name);
  } finally {
    await client.end();
  }
};

const silent = () => undefined;

const options = {
  dir: migrationsDirectory,
  direction: 'up',
  migrationsTable: 'migrations',
  singleTransaction: true,
  advisoryLockMode: 'wait',
  logger: { debug: silent, info: silent, warn: silent, error: silent },
} as const satisfies Omit<RunnerOption, 'dbClient'>;
