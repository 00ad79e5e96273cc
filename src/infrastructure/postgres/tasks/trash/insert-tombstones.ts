import { sql } from 'slonik';
import type { Fragment } from '../columns.ts';

/** Inserts a tombstone for each row of `gone`, which has the columns of a task. It expires by the same clock, that of the database. */
export const insertTombstones: Fragment = sql.fragment`
  INSERT INTO tombstones (owner_id, task_id, revision, deleted_at)
  SELECT owner_id, id, revision, now() FROM gone
  ON CONFLICT (owner_id, task_id) DO UPDATE SET revision = excluded.revision, deleted_at = excluded.deleted_at`;
