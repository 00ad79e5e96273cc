import { sql } from 'slonik';
import { z } from 'zod';
import type { Run } from '../requirements/facts.ts';

/** From this number of tasks on, a user's tasks are in the indexes for search and orders. */
export const minIndexedTasks = 5_000;

const id = z.object({ id: z.string() });

/**
 * Puts the tasks of users who have many into the indexes for search and orders. The tasks of all other users are not in
 * them, because every index costs each write, and to read and sort a few thousand tasks takes some milliseconds.
 * A user stays indexed. Safe on several instances, and beside every other write. Looks for such users as
 * {@link markLargeLists} does, and returns the same.
 */
export const indexLargeLists = async (run: Run, minTasks = minIndexedTasks, after = ''): Promise<string> => {
  const next = await markLargeLists(run, minTasks, after);
  const marked = await run(sql.type(id)`SELECT id FROM owners WHERE indexing = 1`);
  for (const owner of marked) await indexList(run, owner.id);
  return next;
};

/** How many users one call looks at: to count the tasks of one reads up to 5,000 entries of an index. */
const usersInCall = 200;

/**
 * From then on, every new task of these users is indexed: every write of a user locks the user's row. Looks at some users
 * after the one named, and returns the last one; an empty text after the last user.
 */
export const markLargeLists = async (run: Run, minTasks = minIndexedTasks, after = ''): Promise<string> => {
  // Every task has cost a revision, so that the counter excludes most users.
  const users = await run(sql.type(z.object({ id: z.string(), is_large: z.boolean() }))`
    SELECT id, ${minTasks} = (
      SELECT count(*) FROM (SELECT FROM tasks WHERE owner_id = owners.id LIMIT ${minTasks}) AS tasks
    ) AS is_large
    FROM owners
    WHERE indexing = 0 AND revision >= ${minTasks} AND id > ${after} ORDER BY id LIMIT ${usersInCall}`);
  for (const user of users.filter(({ is_large }) => is_large))
    await run(sql.type(id)`
      UPDATE owners SET indexing = 1 WHERE id = ${user.id} AND indexing = 0 RETURNING id`);
  return users.length < usersInCall ? '' : (users.at(-1)?.id ?? '');
};

const indexList = async (run: Run, owner: string): Promise<void> => {
  let last: string | undefined = '00000000-0000-0000-0000-000000000000';
  while (last !== undefined) last = await indexRows(run, owner, last);
  await run(sql.type(id)`
    UPDATE owners SET indexing = 2
    WHERE id = ${owner} AND indexing = 1
      AND NOT EXISTS (SELECT FROM tasks WHERE owner_id = ${owner} AND is_indexed IS NOT TRUE)
    RETURNING id`);
};

const batchSize = 200;

/** Returns the last id of the batch; undefined after the last batch. A locked task is left for another call. */
const indexRows = async (run: Run, owner: string, after: string): Promise<string | undefined> => {
  const [batch] = await run(sql.type(z.object({ size: z.number(), last: z.string().nullable() }))`
    WITH batch AS (
      SELECT id, is_indexed FROM tasks
      WHERE owner_id = ${owner} AND id > ${after}::uuid ORDER BY id LIMIT ${batchSize}
    ), free AS (
      SELECT id FROM tasks
      WHERE owner_id = ${owner} AND id IN (SELECT id FROM batch WHERE is_indexed IS NOT TRUE)
      FOR NO KEY UPDATE SKIP LOCKED
    ), indexed AS (
      UPDATE tasks SET is_indexed = true FROM free WHERE tasks.owner_id = ${owner} AND tasks.id = free.id
    )
    SELECT count(*) AS size, (array_agg(id ORDER BY id DESC))[1]::text AS last FROM batch`);
  return batch === undefined || batch.size < batchSize ? undefined : (batch.last ?? undefined);
};
