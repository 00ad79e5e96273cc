import { sql } from 'slonik';
import { keyLifetimeHours } from '../../../domain/idempotency/idempotency-key.ts';
import { columns, comma, rowMembers, type Fragment } from '../tasks/columns.ts';

/**
 * The answer that is kept: the row of `written`, with the columns of a task alone. `jsonb_populate_record` reads it back, so
 * that a new field of a task needs no edit here.
 */
export const writtenTask: Fragment = sql.fragment`(
  SELECT to_jsonb(answer) FROM (SELECT ${sql.join(
    rowMembers.map((member) => sql.identifier(['written', columns[member].name])),
    comma,
  )}) AS answer
)`;

/** When a key that is spent now is forgotten, by the clock of the database. */
export const expiry: Fragment = sql.fragment`now() + ${sql.literalValue(`${keyLifetimeHours} hours`)}::interval`;

/** A fingerprint as a parameter that is cast to `bytea`. */
export const toBytes = (fingerprint: string): string => `\\x${fingerprint}`;
