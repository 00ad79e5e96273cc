import { sql } from 'slonik';
import { z } from 'zod';
import type { UserId } from '../../domain/owner.ts';
import type { Revision } from '../../domain/task.ts';
import type { Database } from './database.ts';
import { revision } from './task-row.ts';

const counted = z.object({ id: z.string(), revision });

/** Two: while one is on its way, the next is being answered. More would only be smaller. */
const limits = { size: 1_000, onTheirWay: 2 };

/** Tells an owner's counter, 0 before the first write, as it is at a moment after the call. */
export const ownerRevisions = (database: Database): ((owner: UserId) => Promise<Revision>) =>
  database.batched(async (owners, { since }) => {
    const statement = database.statement('owner-revisions', counted)`
      SELECT id, revision FROM owners WHERE id = ANY (${sql.array(owners, 'text')})`;
    const rows = await database.rows(statement, since);
    const found = new Map<string, Revision>(rows.map((row) => [row.id, row.revision]));
    return (owner) => found.get(owner) ?? none;
  }, limits);

const none = revision.parse(0);
