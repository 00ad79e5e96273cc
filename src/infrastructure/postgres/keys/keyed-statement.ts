import { sql } from 'slonik';
import { z } from 'zod';
import type { KeyedRequest } from '../../../domain/idempotency/keyed-request.ts';
import type { UserId } from '../../../domain/user.ts';
import type { Database, Statement } from '../client/database.ts';
import { columnNames, rowMembers, type Fragment } from '../tasks/columns.ts';
import { isDeletedAt, type DeletedAt } from '../tasks/trash/trashed-row.ts';
import { taskColumns, taskRow } from '../tasks/task-row.ts';
import { expiry, toBytes, writtenTask } from './kept-answer.ts';

/*
 * A keyed write is the statement of the write with two more parts:
 *
 *   known    the key in the snapshot of the statement; if there is one, nothing is locked or written, and this is the result
 *   kept     keeps the written task under the key
 *
 * Of two statements with the same key at the same time, both may find no key. The later one then fails at the primary key
 * of `idempotency_keys`, which rolls back all that it has done; when it is sent again, it finds the key.
 */

/** A kind of write, as parts of a statement. */
export interface KeyedWrite {
  /** The name to prepare the statement under. */
  readonly name: string;
  /**
   * The parts `found`, `counter` and `written`, as `revision-counter.ts` describes them; `found` and `written` have the
   * columns of a task. Nothing may be locked or written unless {@link isNew}.
   */
  readonly parts: Fragment;
  /** Whether the task stays; otherwise the answer has none. */
  readonly keepsTask: boolean;
  /** Whether `found` is a task in the trash. */
  readonly isRestoration?: boolean;
}

/** To be appended to a condition: the key has not been spent. */
export const isNew = sql.fragment` AND NOT EXISTS (SELECT FROM known)`;

interface TaskResult {
  readonly source: 'found' | 'replayed' | 'written';
  readonly tried: boolean;
  /** Of a task that was found in the trash. */
  readonly deletedAt: DeletedAt['deletedAt'] | null;
}

/** A task: as it was written, or found and not written, or as the known answer has it. */
const task = taskRow(
  (row): row is TaskResult =>
    'source' in row &&
    (row.source === 'found' || row.source === 'replayed' || row.source === 'written') &&
    'tried' in row &&
    typeof row.tried === 'boolean' &&
    'deletedAt' in row &&
    (row.deletedAt === null || isDeletedAt(row.deletedAt)),
);
/** A known key: expired, spent by another request, or by one whose answer has no task. */
const noTask = z.object({ id: z.null(), source: z.enum(['expired', 'replayed', 'reused']) });

const keyedRow = z.union([task, noTask]);
export type KeyedRow = z.infer<typeof keyedRow>;

/** Returns one row, or none where there is no such task. */
export const keyedStatement = (
  database: Database,
  owner: UserId,
  { key, fingerprint }: KeyedRequest,
  { name, parts, keepsTask, isRestoration = false }: KeyedWrite,
): Statement<KeyedRow> => database.statement(name, keyedRow)`
  WITH known AS (
    SELECT fingerprint = ${bytes(fingerprint)} AS is_same, expires_at <= now() AS is_expired, answer
    FROM idempotency_keys WHERE owner_id = ${owner} AND key = ${key}
  ), ${parts}, kept AS (
    INSERT INTO idempotency_keys (owner_id, key, fingerprint, answer, expires_at)
    SELECT ${owner}, ${key}, ${bytes(fingerprint)}, ${keepsTask ? writtenTask : sql.fragment`NULL`}, ${expiry}
    FROM written
  )
  SELECT ${taskColumns}, task.source, task.deleted_at AS "deletedAt", EXISTS (SELECT FROM counter) AS tried
  FROM (
    SELECT 'written' AS source, ${names}, NULL::timestamptz AS deleted_at FROM written
    UNION ALL
    SELECT 'found', ${names}, ${isRestoration ? sql.fragment`deleted_at` : sql.fragment`NULL`} FROM found WHERE NOT EXISTS (SELECT FROM written)
    UNION ALL
    SELECT CASE WHEN is_expired THEN 'expired' WHEN is_same THEN 'replayed' ELSE 'reused' END, ${names}, NULL
    FROM known LEFT JOIN jsonb_populate_record(NULL::tasks, CASE WHEN is_same AND NOT is_expired THEN answer END) AS task ON true
  ) AS task`;

/** Removes a key that has expired, so that it can be spent again. */
export const deleteExpiredKey = (database: Database, owner: UserId, { key }: KeyedRequest) =>
  database.statement('key-delete-expired', z.object({}))`
    DELETE FROM idempotency_keys WHERE owner_id = ${owner} AND key = ${key} AND expires_at <= now()`;

const names = sql.fragment`${columnNames(rowMembers)}`;

const bytes = (fingerprint: string): Fragment => sql.fragment`${toBytes(fingerprint)}::bytea`;
