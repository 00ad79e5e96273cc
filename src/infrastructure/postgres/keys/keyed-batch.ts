import { sql } from 'slonik';
import type { KeyedRequest } from '../../../domain/idempotency/keyed-request.ts';
import type { User } from '../../../domain/user.ts';
import { parameterColumn } from '../tasks/batch-parameters.ts';
import type { Fragment } from '../tasks/columns.ts';
import { expiry, toBytes, writtenTask } from './kept-answer.ts';

/*
 * A batch of keyed writes is a batch of writes with two more parts: `free` leaves out a write whose key is known, and `kept`
 * keeps the written tasks. A write that is left out goes alone, by `keyed-statement.ts`. A key that another statement
 * spends at the same time rolls back the batch, whose writes then go alone.
 */

/** The user and the request of a write. */
export interface Keyed {
  readonly owner: User;
  readonly request: KeyedRequest;
}

/** The columns `key` and `fingerprint`. */
export const keyColumns = (writes: readonly Keyed[]): Fragment => sql.fragment`
  ${parameterColumn(writes, ({ request }) => request.key, 'text')},
  ${parameterColumn(writes, ({ request }) => toBytes(request.fingerprint), 'text')}`;

export const keyNames = sql.fragment`key, fingerprint`;

/**
 * The key of a row of this relation has not been spent. A scalar subselect, so that each key is looked up: an anti-join could
 * read the whole table.
 */
export const isNewKey = (relation: string): Fragment => {
  const column = (name: string) => sql.identifier([relation, name]);
  return sql.fragment`(
    SELECT known.key FROM idempotency_keys AS known
    WHERE known.owner_id = ${column('owner_id')} AND known.key = ${column('key')}
  ) IS NULL`;
};

/** `kept`, for the rows of `written` and the keys in `free`, which has each owner once. */
export const keptOfAll = sql.fragment`kept AS (
  INSERT INTO idempotency_keys (owner_id, key, fingerprint, answer, expires_at)
  SELECT free.owner_id, free.key, free.fingerprint::bytea, ${writtenTask}, ${expiry}
  FROM written JOIN free USING (owner_id)
)`;
