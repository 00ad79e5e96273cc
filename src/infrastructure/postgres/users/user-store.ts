import { sql } from 'slonik';
import { z } from 'zod';
import type { UserStore } from '../../../application/ports/user-store.ts';
import type { Revision } from '../../../domain/task.ts';
import type { Database } from '../client/database.ts';
import { instant, revision } from '../tasks/task-row.ts';

const nothing = z.object({});

const summary = z.object({
  email: z.string().nullable(),
  display_name: z.string().nullable(),
  created_at: instant.nullable(),
  pending: z.number(),
  completed: z.number(),
  revision,
});

/** One text for all: a thousand rows cost this process ten times as much. */
const counters = z.object({
  revisions: z.string().transform((text) => text.split(',').map((one) => revision.parse(Number(one)))),
});
const beforeFirstWrite = revision.parse(0);

/** The most counters that one statement reads. */
const maxBatchSize = 1_000;

const counter = z.object({ revision });

/** The most counters that are read at the same time, by a statement each, so that requests get connections too. */
const maxConcurrentReads = 4;

/** Reads a summary by one statement, and so from one snapshot. The counts are index-only scans. Implements {@link UserStore}. */
export const postgresUserStore = (database: Database): UserStore => ({
  summary: async (user) => {
    const [row] = await database.rows(database.statement('owner-summary', summary)`
      SELECT email, display_name, created_at, revision,
        (SELECT count(*) FROM tasks WHERE owner_id = ${user} AND NOT completed) AS pending,
        (SELECT count(*) FROM tasks WHERE owner_id = ${user} AND completed) AS completed
      FROM owners WHERE id = ${user}`);
    return {
      email: row?.email ?? null,
      displayName: row?.display_name ?? null,
      createdAt: row?.created_at ?? null,
      pending: row?.pending ?? 0,
      completed: row?.completed ?? 0,
      revision: row?.revision ?? beforeFirstWrite,
    };
  },

  erase: async (user) => {
    await database.write(database.statement('erase-user', nothing)`SELECT FROM erase_user(${user})`);
  },

  revisions: async (users) => {
    if (!database.isBatching) return readOneByOne(database, users);
    const found: Revision[] = [];
    while (found.length < users.length) {
      const batch = users.slice(found.length, found.length + maxBatchSize);
      const rows = await database.rows(database.statement('owner-revisions', counters)`
        SELECT string_agg(coalesce(owners.revision, 0)::text, ',' ORDER BY place) AS revisions
        FROM unnest(${sql.array(batch, 'text')}) WITH ORDINALITY AS given (id, place)
        LEFT JOIN owners USING (id)`);
      found.push(...rows.flatMap(({ revisions }) => revisions));
    }
    return found;
  },
});

const readOneByOne = async (
  database: Database,
  users: Parameters<UserStore['revisions']>[0],
): Promise<readonly Revision[]> => {
  const read = async (user: (typeof users)[number]): Promise<Revision> => {
    const [row] = await database.rows(
      database.statement('owner-revision', counter)`SELECT revision FROM owners WHERE id = ${user}`,
    );
    return row?.revision ?? beforeFirstWrite;
  };
  const atOnce = Math.max(1, Math.min(maxConcurrentReads, database.usage().max));
  const found: Revision[] = [];
  while (found.length < users.length)
    found.push(...(await Promise.all(users.slice(found.length, found.length + atOnce).map(read))));
  return found;
};
