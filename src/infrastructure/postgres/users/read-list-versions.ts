import { z } from 'zod';
import type { ListVersion, ReadListVersion } from '../../../application/ports/list-version.ts';
import type { Database } from '../client/database.ts';
import { revision } from '../tasks/task-row.ts';
import { isOneOf } from './is-one-of.ts';

const found = z.object({ id: z.string(), revision, server: z.string() });

/** Two batches overlap: one is sent while the other is executed. More batches would only be smaller. */
const limits = { maxBatchSize: 1_000, maxConcurrentBatches: 2 };

/**
 * Reads a user's counter, and the start of the server process. After a failover a new server can lack the last writes. A pooler
 * hides the failover, but the start time of the server process changes.
 */
export const readListVersions = (database: Database): ReadListVersion =>
  database.dataLoader(async (users, { since }) => {
    const statement = database.statement('list-versions', found)`
      SELECT id, revision, pg_postmaster_start_time()::text AS server
      FROM owners WHERE ${isOneOf(database, users)}`;
    const rows = await database.rows(statement, since);
    const versions = new Map<string, ListVersion>(rows.map((row) => [row.id, row]));
    return (user) => versions.get(user) ?? beforeFirstWrite;
  }, limits);

/** A user without a row has no tasks, on any server. */
const beforeFirstWrite: ListVersion = { server: '', revision: revision.parse(0) };
