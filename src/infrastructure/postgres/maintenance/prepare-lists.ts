import type { Client } from 'pg';
import { runOn } from '../inspect-database.ts';
import { foldRows } from './fold-rows.ts';
import { indexLargeLists, markLargeLists } from './index-large-lists.ts';
import { buildListIndexes } from './list-indexes.ts';

/**
 * Folds the text of all tasks, and builds the indexes of lists, while the service reads and writes. Can be repeated after
 * an interruption. Needs a connection of its own, because it changes settings of the session.
 */
export const prepareLists = async (client: Client): Promise<void> => {
  const run = runOn(client);
  await client.query(`SET statement_timeout = 0; SET default_transaction_isolation = 'read committed'`);
  try {
    await markLargeLists(run); // so that each row is written once
    while ((await foldRows(run)) > 0); // a task that was locked, or was written meanwhile, is left for the next turn
    await indexLargeLists(run);
    await buildListIndexes(run);
  } finally {
    await client.query('RESET statement_timeout; RESET default_transaction_isolation').catch(() => undefined);
  }
};
