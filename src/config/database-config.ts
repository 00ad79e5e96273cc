import { z } from 'zod';
import {
  ConnectionStringError,
  readConnectionSettings,
} from '../infrastructure/postgres/connection/connection-settings.ts';
import { parseConnectionUri } from '../infrastructure/postgres/connection/connection-uri.ts';

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

/**
 * Whether a connection string is for PostgreSQL on this machine: each host is `localhost`, a loopback address, or the folder
 * of a Unix socket. A string that cannot be parsed counts as another machine.
 */
export const isLocalDatabase = (connectionString: string): boolean => {
  const { parameters, problems } = parseConnectionUri(connectionString);
  const hosts = parameters.get('hostaddr') ?? parameters.get('host') ?? '';
  return problems.length === 0 && hosts.split(',').every(isLocalHost);
};

const isLocalHost = (host: string): boolean =>
  host === '' || host.startsWith('/') || /^(localhost|127(\.\d+){3}|::1)$/i.test(host);
