import { sql } from 'slonik';
import { z } from 'zod';
import { fold } from '../../../domain/fold.ts';
import type { Run } from '../requirements/facts.ts';

/** The key of a task. */
interface Key {
  readonly owner_id: string;
  readonly id: string;
}

const unfolded = z.object({
  owner_id: z.string(),
  id: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  revision: z.number(),
});

/** Before the key of every task. */
const start: Key = { owner_id: '', id: '00000000-0000-0000-0000-000000000000' };

/**
 * Folds the text of every task that an older version of the service has written. Safe on several instances, and beside every
 * other write: a task that was written since it was read stays as it is, and a locked one is left for another call. Where the
 * text becomes another one, lists change, and the user's counter is incremented, as for a write.
 * Returns the number of tasks that it has folded.
 */
export const foldRows = async (run: Run, batchSize = 500): Promise<number> => {
  let count = 0;
  let after: Key | undefined = start;
  while (after !== undefined) {
    const rows: readonly z.infer<typeof unfolded>[] = await run(selectUnfolded(after, batchSize));
    if (rows.length > 0) count += (await run(storeFolded(rows))).length;
    after = rows.length < batchSize ? undefined : rows.at(-1);
  }
  return count;
};

const selectUnfolded = ({ owner_id, id }: Key, limit: number) => sql.type(unfolded)`
  SELECT owner_id, id, title, description, revision FROM tasks
  WHERE text_revision IS NULL AND (owner_id, id) > (${owner_id}, ${id}::uuid)
  ORDER BY owner_id, id LIMIT ${limit}`;

/** Every write takes a new revision: a row of the same revision has the same text. */
const storeFolded = (rows: readonly z.infer<typeof unfolded>[]) => sql.type(z.object({ id: z.string() }))`
  WITH free AS (
    SELECT tasks.owner_id, tasks.id, folded.title, folded.description, owners.indexing,
      tasks.title_folded IS NOT NULL AND (tasks.title_folded, tasks.description_folded)
        IS DISTINCT FROM (folded.title, folded.description) AS is_corrected
    FROM unnest(
      ${sql.array(
        rows.map((row) => row.owner_id),
        'text',
      )},
      ${sql.array(
        rows.map((row) => row.id),
        'uuid',
      )},
      ${sql.array(
        rows.map((row) => row.revision),
        'int8',
      )},
      ${sql.array(
        rows.map((row) => fold(row.title)),
        'text',
      )},
      ${sql.array(
        rows.map((row) => (row.description === null ? null : fold(row.description))),
        'text',
      )}
    ) AS folded (owner_id, id, revision, title, description)
    JOIN tasks USING (owner_id, id, revision)
    JOIN owners ON owners.id = tasks.owner_id
    WHERE text_revision IS NULL
    FOR NO KEY UPDATE OF owners, tasks SKIP LOCKED
  ), counted AS (
    UPDATE owners SET revision = owners.revision + 1
    WHERE id IN (SELECT owner_id FROM free WHERE is_corrected)
  )
  UPDATE tasks SET
    title_folded = free.title,
    description_folded = free.description,
    text_revision = tasks.revision,
    is_indexed = coalesce(tasks.is_indexed, free.indexing > 0)
  FROM free WHERE tasks.owner_id = free.owner_id AND tasks.id = free.id
  RETURNING tasks.id`;
