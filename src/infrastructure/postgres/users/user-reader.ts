import { z } from 'zod';
import type { UserReader } from '../../../application/ports/user-reader.ts';
import type { Database } from '../client/database.ts';
import { instant, revision } from '../tasks/task-row.ts';

const summary = z.object({
  email: z.string().nullable(),
  display_name: z.string().nullable(),
  created_at: instant,
  pending: z.number(),
  completed: z.number(),
  revision,
});

/** Reads by one statement, and so from one snapshot. The counts are index-only scans. Implements {@link UserReader}. */
export const postgresUserReader = (database: Database): UserReader => ({
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
      revision: row?.revision ?? revision.parse(0),
    };
  },
});
