import { redacted } from '../infrastructure/observability/loggable-error.ts';

/** One line for an operator, without secrets: what failed, and why. */
export const failureLine = (what: string, error: unknown): string =>
  `${what}: ${redacted(error instanceof Error ? error.message || error.name : String(error))}`;

/** The line for a database that refuses connections or does not answer. Complete as a sentence, and after a colon. */
export const unreachableDatabaseLine = (error: unknown): string =>
  `${failureLine('PostgreSQL cannot be reached', error)}. Check DATABASE_URL and the server`;
