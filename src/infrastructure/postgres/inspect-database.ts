import { readdir } from 'node:fs/promises';
import { Client } from 'pg';
import { z } from 'zod';
import { withCheckedTls } from './client/connection-string.ts';
import { migrationsDirectory } from './run-migrations.ts';

/** Facts about a database that an operator checks before the first start. */
export interface Inspection {
  /** 15 for PostgreSQL 15.4. */
  readonly version: number;
  readonly role: string;
  readonly isSuperuser: boolean;
  /** The migrations that have not run yet, in order. */
  readonly pending: readonly string[];
}

/** Reads these facts and changes nothing. Rejects if the database cannot be reached within three seconds. */
export const inspectDatabase = async (url: string): Promise<Inspection> => {
  const client = new Client({
    connectionString: withCheckedTls(url),
    connectionTimeoutMillis: 3_000,
    query_timeout: 3_000,
  });
  client.on('error', () => undefined); // reported by the query that fails
  try {
    await client.connect();
    const { rows } = await client.query(server);
    const { version, role, superuser, migrated } = found.parse(rows[0]);
    const done = migrated ? names.parse((await client.query('SELECT name FROM migrations')).rows) : [];
    return { version, role, isSuperuser: superuser, pending: await pendingAfter(done) };
  } finally {
    await client.end();
  }
};

const server = `
  SELECT current_setting('server_version_num')::int / 10000 AS version, current_user AS role,
    current_setting('is_superuser') = 'on' AS superuser, to_regclass('migrations') IS NOT NULL AS migrated`;

const found = z.object({ version: z.int(), role: z.string(), superuser: z.boolean(), migrated: z.boolean() });
const names = z.array(z.object({ name: z.string() }).transform(({ name }) => name));

const pendingAfter = async (done: readonly string[]): Promise<readonly string[]> => {
  const files = await readdir(migrationsDirectory);
  const all = files.filter((file) => file.endsWith('.sql')).map((file) => file.replace(/\.sql$/, ''));
  return all.filter((name) => !done.includes(name)).toSorted();
};
