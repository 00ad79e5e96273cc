import { createPool, type ClientConfigurationInput, type DatabasePool } from 'slonik';
import { splitTls } from './connection-string.ts';
import './ignore-late-errors.ts';
import './short-lived-queries.ts';
import { typeParsers } from './type-parsers.ts';
import { watchedDriver } from './watched-driver.ts';

export interface PoolOptions {
  readonly url: string;
  /** Connections at most. */
  readonly poolMax: number;
  /** The longest a statement may run, in milliseconds. */
  readonly statementTimeoutMs: number;
  /** False for a pooler that lacks named prepared statements (PgBouncer before 1.21 in transaction mode). */
  readonly preparedStatements: boolean;
}

/** How long the server has to open a connection, and how long to say what its types are, in milliseconds. */
export const connectMilliseconds = 2_000;

/** Opens a pool; `connectionLost` is called for each connection that breaks, in use or idle. */
export const openPool = async (options: PoolOptions, connectionLost: () => void): Promise<DatabasePool> => {
  const { url, tls } = splitTls(options.url);
  const pool = await createPool(url, {
    ...poolConfiguration(options),
    ...(tls && { ssl: tls }),
    driverFactory: watchedDriver(connectionLost),
  });
  // Slonik tells here what it also throws; without a listener the telling would itself be an error.
  pool.on('error', () => undefined);
  return pool;
};

const poolConfiguration = (options: PoolOptions): ClientConfigurationInput => ({
  maxPoolSize: options.poolMax,
  connectionTimeout: connectMilliseconds,
  connectionRetryLimit: 1,
  // Its own retries know no pause, and take every rollback for one that is certain.
  queryRetryLimit: 0,
  idleTimeout: 60_000,
  // How long a connection that is given up may still take for what it is doing.
  gracefulTerminationTimeout: 250,
  // Startup parameters are refused by PgBouncer; a pooler's role carries its own limits.
  statementTimeout: options.preparedStatements ? options.statementTimeoutMs : 'DISABLE_TIMEOUT',
  idleInTransactionSessionTimeout: 'DISABLE_TIMEOUT',
  // Nothing here leaves state in a session, so there is nothing to reset; DISCARD ALL would cost a round trip
  // for every statement, and the prepared statements.
  resetConnection: () => Promise.resolve(),
  typeParsers,
});
