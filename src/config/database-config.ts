import { z } from 'zod';
import { readLibpqValues } from './environment-values.ts';
import {
  ConnectionStringError,
  readConnectionSettings,
} from '../infrastructure/postgres/connection/connection-settings.ts';
import { parseConnectionUri } from '../infrastructure/postgres/connection/connection-uri.ts';
import { readParameters } from '../infrastructure/postgres/connection/read-parameters.ts';

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
  const { values, problems } = readLibpqValues(environment);
  if (problems.size > 0) return [...problems].map(([name, problem]) => `${name} ${problem}`);
  try {
    readConnectionSettings(url, values);
    return [];
  } catch (error) {
    if (error instanceof ConnectionStringError) return error.problems;
    throw error;
  }
};

/**
 * Whether PostgreSQL is on this machine: each host of the connection string, or of PGHOST and PGHOSTADDR where it has none,
 * is `localhost`, a loopback address, or the folder of a Unix socket. A string that cannot be parsed counts as another machine.
 */
export const isLocalDatabase = (connectionString: string, environment: NodeJS.ProcessEnv): boolean => {
  const { given } = readParameters(connectionString, readLibpqValues(environment).values);
  const hosts = (given.get('hostaddr') ?? given.get('host'))?.value ?? '';
  return parseConnectionUri(connectionString).problems.length === 0 && hosts.split(',').every(isLocalHost);
};

const isLocalHost = (host: string): boolean =>
  host === '' || host.startsWith('/') || /^(localhost|127(\.\d+){3}|::1)$/i.test(host);
