import { Client, type QueryResultRow } from 'pg';
import { runMigrations } from '../../../src/infrastructure/postgres/run-migrations.ts';

/** The rows of one statement, on a new connection. */
export const rowsOf = async <Row extends QueryResultRow>(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
};

/** Migrates the database and creates the role `app`: it may read and write the tables, and nothing else. */
export const prepareDatabase = async (url: string): Promise<void> => {
  await runMigrations(url);
  await rowsOf(url, `create role app login password 'app'`);
  await rowsOf(
    url,
    'grant select, insert, update, delete on owners, tasks, trashed_tasks, tombstones, idempotency_keys to app',
  );
};

/** Makes new transactions of the server read-only by default, or undoes that. */
export const setReadOnly = async (url: string, isReadOnly: boolean): Promise<void> => {
  await rowsOf(
    url,
    isReadOnly
      ? 'alter system set default_transaction_read_only = on'
      : 'alter system reset default_transaction_read_only',
  );
  await rowsOf(url, 'select pg_reload_conf()');
};
