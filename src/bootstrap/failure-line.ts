import type { DatabaseErrorReason } from '../application/ports/observer.ts';
import { reasonOf } from '../infrastructure/postgres/client/failure-reason.ts';
import { redacted } from '../infrastructure/observability/loggable-error.ts';

/** One line for an operator, without secrets: what failed, and why. */
export const failureLine = (what: string, error: unknown): string =>
  `${what}: ${redacted(error instanceof Error ? error.message || error.name : String(error))}`;

/** What a database does, where it is not the general case that it cannot be reached. */
const states: Partial<Record<DatabaseErrorReason, string>> = {
  disk_full: 'PostgreSQL has no free disk space',
  read_only: 'PostgreSQL is read-only',
  resources: 'PostgreSQL lacks resources',
  restarting: 'PostgreSQL is starting or stopping',
  storage: 'PostgreSQL cannot read or write its files',
  timeout: 'PostgreSQL did not answer in time',
  too_many_connections: 'PostgreSQL has no free connection',
};

/** The line for a database that cannot be used at the moment. Complete as a sentence, and after a colon. */
export const unreachableDatabaseLine = (error: unknown): string => {
  const state = states[reasonOf(error)];
  return state === undefined
    ? `${failureLine('PostgreSQL cannot be reached', error)}. Check DATABASE_URL and the server`
    : `${failureLine(state, error)}. Check the server`;
};
