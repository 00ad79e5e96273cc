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

/** Timeout of opening a connection, and timeout of reading the types of the server, in milliseconds. */
export const connectMilliseconds = 2_000;

/** Opens a pool; `connectionLost` is called for each connection that breaks, in use or idle. */
export const openPool = async (options: PoolOptions, connectionLost: () => void): Promise<DatabasePool> => {
  const { url, tls } = splitTls(options.url);
  const pool = await createPool(url, {
    ...poolConfiguration(options),
    ...(tls && { ssl: tls }),
    driverFactory: watchedDriver(connectionLost),
  });
  // Slonik also throws these errors. Without a listener, Node would end the process.
  pool.on('error', () => undefined);
  return pool;
};

const poolConfiguration = (options: PoolOptions): ClientConfigurationInput => ({
  maxPoolSize: options.poolMax,
  connectionTimeout: connectMilliseconds,
  connectionRetryLimit: 1,
  // Slonik retries without a pause, also after errors that do not guarantee a rollback.
  queryRetryLimit: 0,
  idleTimeout: 60_000,
  // How long a running statement may continue when its connection is closed, in milliseconds.
  gracefulTerminationTimeout: 250,
  // PgBouncer rejects startup parameters. Behind a pooler the role sets the timeout.
  statementTimeout: options.preparedStatements ? options.statementTimeoutMs : 'DISABLE_TIMEOUT',
  idleInTransactionSessionTimeout: 'DISABLE_TIMEOUT',
  // No statement changes the state of a session, so no reset is needed. DISCARD ALL would cost a round trip for every
  // statement and remove the prepared statements.
  resetConnection: () => Promise.resolve(),
  typeParsers,
});
