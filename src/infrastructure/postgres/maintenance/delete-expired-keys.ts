import { sql } from 'slonik';
import { z } from 'zod';
import type { Run } from '../requirements/facts.ts';

/** Small, so that a statement takes some milliseconds. */
const defaultBatchSize = 500;

/**
 * Deletes the idempotency keys that have expired, the oldest first. Safe on several instances, and beside every write: a
 * locked key is left to the statement that has it. Returns the number of keys that it has deleted.
 */
export const deleteExpiredKeys = async (run: Run, batchSize = defaultBatchSize): Promise<number> => {
  let count = 0;
  for (let deleted = batchSize; deleted === batchSize; count += deleted)
    deleted = (await run(deleteBatch(batchSize))).length;
  return count;
};

const deleteBatch = (batchSize: number) => sql.type(z.object({ key: z.string() }))`
  WITH expired AS (
    SELECT owner_id, key FROM idempotency_keys
    WHERE expires_at <= now() ORDER BY expires_at LIMIT ${batchSize}
    FOR UPDATE SKIP LOCKED
  )
  DELETE FROM idempotency_keys USING expired
  WHERE idempotency_keys.owner_id = expired.owner_id AND idempotency_keys.key = expired.key
  RETURNING idempotency_keys.key`;
