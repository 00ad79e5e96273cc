import { StatementTimeoutError } from 'slonik';
import type { DatabaseErrorReason } from '../../../application/ports/observer.ts';
import { LoginError } from '../connection/login-error.ts';
import { UnmetRequirementsError } from '../requirements/unmet-error.ts';
import { TimeoutError } from '../../system/timeout.ts';

/** SQLSTATE codes and classes: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const reasons: readonly (readonly [codes: RegExp, reason: DatabaseErrorReason])[] = [
  [/^57014$|^25P04$/, 'timeout'],
  [/^57/, 'restarting'],
  [/^25006$/, 'read_only'],
  [/^53300$/, 'too_many_connections'],
  [/^53100$/, 'disk_full'],
  [/^53/, 'resources'],
  [/^58|^XX00[12]$/, 'storage'],
  [/^40|^55P03$/, 'conflict'],
  [/^28|^3D000$|^42501$/, 'login_refused'],
  [/^2[23]|^P0/, 'write_refused'],
];

/** Why the database failed: the reason of the first error in the chain of causes that has one. */
export const reasonOf = (error: unknown): DatabaseErrorReason =>
  withCauses(error)
    .map(reasonOfOne)
    .find((reason) => reason !== null) ?? 'unreachable';

const reasonOfOne = (error: unknown): DatabaseErrorReason | null => {
  if (error instanceof UnmetRequirementsError)
    return error.unmet.every(({ severity }) => severity === 'read-only') ? 'read_only' : 'unprepared';
  if (error instanceof LoginError && !error.code.startsWith('08')) return 'login_refused';
  if (error instanceof TimeoutError || error instanceof StatementTimeoutError) return 'timeout';
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return null;
  const { code } = error;
  return reasons.find(([codes]) => /^[0-9A-Z]{5}$/.test(code) && codes.test(code))?.[1] ?? null;
};

/** An error and its causes, few of them: the chain of causes can be a circle. */
export const withCauses = (error: unknown, depth = 5): readonly unknown[] =>
  error instanceof AggregateError && depth > 0
    ? [error, ...error.errors.slice(0, 10).flatMap((one: unknown) => withCauses(one, depth - 1))]
    : error instanceof Error && error.cause !== undefined && depth > 0
      ? [error, ...withCauses(error.cause, depth - 1)]
      : [error];

/** Texts for clients: fixed, with nothing of the error itself. */
const clientMessages: Readonly<Record<DatabaseErrorReason, string>> = {
  conflict: 'Conflicting writes were running.',
  disk_full: 'The database has no free disk space.',
  login_refused: 'The database cannot be reached.',
  read_only: 'The database is read-only at the moment.',
  resources: 'The database lacks resources at the moment.',
  restarting: 'The database is starting or stopping.',
  storage: 'The database cannot read or write its files.',
  timeout: 'The database did not answer in time.',
  too_many_connections: 'The database has no free connections.',
  unprepared: 'The database is not prepared for this version of the service.',
  unreachable: 'The database cannot be reached.',
  write_refused: 'The database refused the write.',
};

export const messageFor = (error: unknown): string =>
  `${clientMessages[reasonOf(error)]} Nothing was done; try again shortly.`;
