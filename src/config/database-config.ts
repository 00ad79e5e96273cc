import { z } from 'zod';
import {
  ConnectionStringError,
  readConnectionSettings,
} from '../infrastructure/postgres/connection/connection-settings.ts';

export const databaseUrl = z
  .string()
  .optional()
  .describe(
    'Connection URI of PostgreSQL 15 or newer, as in libpq; its `PG…` variables stand for what the URI lacks. Required ' +
      'in production. Unset: embedded PostgreSQL',
  );

/** What is wrong with DATABASE_URL and the PG… variables; these do not concern the embedded PostgreSQL. */
export const databaseProblems = (
  url: string | undefined,
  environment: NodeJS.ProcessEnv,
): readonly string[] => {
  if (url === undefined) return [];
  try {
    readConnectionSettings(url, environment);
    return [];
  } catch (error) {
    if (error instanceof ConnectionStringError) return error.problems;
    throw error;
  }
};
