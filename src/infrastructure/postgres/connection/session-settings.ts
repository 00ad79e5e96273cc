/**
 * What the statements rely on, and a role, a database or `options` may have changed. Sent when a connection is opened, so
 * that no session state is left behind: a pooler in transaction mode applies these to whichever connection it uses.
 */
const pooled = { DateStyle: 'ISO, MDY', TimeZone: 'UTC', standard_conforming_strings: 'on' } as const;

/** PgBouncer refuses a connection with these, so behind it they can only be checked. */
const direct = {
  // With `off`, a null in the parameters of a batch would be stored as the text NULL.
  array_nulls: 'on',
  // A write that lost a race looks at the row as it is by then.
  default_transaction_isolation: 'read committed',
} as const;

/** Sent where possible, and not required. */
const preferred = {
  // PostgreSQL refuses a statement that row-level security would filter, instead of hiding rows.
  row_security: 'off',
  // The pool closes idle connections itself. The server could close one just when a statement is sent.
  idle_session_timeout: '0',
} as const;

/** Settings with their required values. `DateStyle` may have any order of day and month: nothing is written in it. */
export const requiredSettings: Readonly<Record<string, string>> = { ...pooled, ...direct };

export interface SessionOptions {
  /** True behind a pooler that refuses most startup parameters. */
  readonly isPooled: boolean;
  readonly statementTimeoutMs?: number;
}

/** The startup parameters of a session. */
export const startupSettings = ({
  isPooled,
  statementTimeoutMs,
}: SessionOptions): Readonly<Record<string, string>> => ({
  ...pooled,
  ...(isPooled ? {} : { ...direct, ...preferred }),
  ...(isPooled || statementTimeoutMs === undefined ? {} : { statement_timeout: String(statementTimeoutMs) }),
});
