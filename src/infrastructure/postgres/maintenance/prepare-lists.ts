import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { sql } from 'slonik';
import { z } from 'zod';
import { runOn } from '../inspect-database.ts';
import { extensions, type Run } from '../requirements/facts.ts';
import { foldRows } from './fold-rows.ts';
import { indexLargeLists, markLargeLists, minIndexedTasks } from './index-large-lists.ts';
import { buildListIndexes } from './list-indexes.ts';

/**
 * Folds the text of all tasks, and builds the indexes of lists, while the service reads and writes. Can be repeated after
 * an interruption. Needs a connection of its own, because it changes settings of the session.
 */
export const prepareLists = async (client: Client): Promise<void> => {
  const run = runOn(client);
  await client.query(prepareSession);
  try {
    await markAllLargeLists(run); // so that each row is written once
    await foldAllRows(run);
    await indexLargeLists(run);
    // Needs no right where they exist. A migration creates them too, but a restore can leave them out.
    for (const name of extensions) await client.query(`CREATE EXTENSION IF NOT EXISTS ${name}`);
    await buildListIndexes(run);
    await client.query('ANALYZE tasks');
  } finally {
    await client.query(restoreSession).catch(() => undefined);
  }
};

const markAllLargeLists = async (run: Run): Promise<void> => {
  let last = '';
  do last = await markLargeLists(run, minIndexedTasks, last);
  while (last !== '');
};

/** The role may have timeouts for short statements. `transaction_timeout` is there from PostgreSQL 17 on. */
const transactionTimeout = `FROM pg_settings WHERE name = 'transaction_timeout'`;
const prepareSession = `
  SET statement_timeout = 0;
  SET lock_timeout = 0;
  SET array_nulls = on;
  SELECT set_config(name, '0', false) ${transactionTimeout};
  SET default_transaction_isolation = 'read committed'`;
const restoreSession = `
  RESET statement_timeout;
  RESET lock_timeout;
  RESET array_nulls;
  SELECT set_config(name, reset_val, false) ${transactionTimeout};
  RESET default_transaction_isolation`;

const lockedPauseMs = 100;

/**
 * Ends when no row is without folded text. What an older version writes meanwhile has text of the trigger, and is left for
 * the work in the background: to wait for that as well would take as long as the older version runs.
 */
const foldAllRows = async (run: Run): Promise<void> => {
  while (await isAnyWithoutText(run)) if ((await foldRows(run)) === 0) await pause(lockedPauseMs);
};

const isAnyWithoutText = async (run: Run): Promise<boolean> => {
  const [row] = await run(sql.type(z.object({ is_any: z.boolean() }))`
    SELECT EXISTS (SELECT FROM tasks WHERE title_folded IS NULL) AS is_any`);
  return row?.is_any === true;
};
