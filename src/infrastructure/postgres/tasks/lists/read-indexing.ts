import { z } from 'zod';
import type { UserId } from '../../../../domain/user.ts';
import type { Database } from '../../client/database.ts';
import { isOneOf } from '../../users/is-one-of.ts';

const found = z.object({ id: z.string() });

const limits = { maxBatchSize: 1_000, maxConcurrentBatches: 2 };

/** Whether all tasks of a user are in the indexes of large lists. Once they are, they stay there. */
export const readIndexing = (database: Database): ((user: UserId) => Promise<boolean>) =>
  database.dataLoader(async (users, { since }) => {
    const statement = database.statement('indexed-users', found)`
      SELECT id FROM owners WHERE ${isOneOf(database, users)} AND indexing = 2`;
    const rows = await database.rows(statement, since);
    const indexed = new Set(rows.map(({ id }) => id));
    return (user) => indexed.has(user);
  }, limits);
