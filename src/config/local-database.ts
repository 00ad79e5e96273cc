import { parseConnectionUri } from '../infrastructure/postgres/connection/connection-uri.ts';

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
