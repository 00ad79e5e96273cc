import { createPool, type ClientConfigurationInput, type DatabasePool } from 'slonik';
import { readConnectionSettings } from '../connection/connection-settings.ts';
import type { Environment } from '../connection/read-parameters.ts';
import { postgresDriver } from './driver.ts';

export interface PoolOptions {
  readonly url: string;
  /** The variables that stand for what the URL lacks; those of the process by default. */
  readonly environment?: Environment;
  /** Connections at most. */
  readonly poolMax: number;
  /** The longest a statement may run, in milliseconds. */
  readonly statementTimeoutMs: number;
  /** False for a pooler that lacks named prepared statements (PgBouncer before 1.21 in transaction mode). */
  readonly preparedStatements: boolean;
}

/** Opens a pool; `connectionLost` is called for each connection that breaks, in use or idle. */
export const openPool = async (options: PoolOptions, connectionLost: () => void): Promise<DatabasePool> => {
  const settings = readConnectionSettings(options.url, options.environment);
  const session = {
    isPooled: !options.preparedStatements,
    statementTimeoutMs: options.statementTimeoutMs,
  };
  const pool = await createPool('postgres://', {
    ...poolConfiguration(options),
    driverFactory: postgresDriver(settings, session, connectionLost),
  });
  // Slonik also throws these errors. Without a listener, Node would end the process.
  pool.on('error', () => undefined);
  return pool;
};

const poolConfiguration = (options: PoolOptions): ClientConfigurationInput => ({
  maxPoolSize: options.poolMax,
  connectionRetryLimit: 1,
  // Slonik retries without a pause, also after errors that do not guarantee a rollback.
  queryRetryLimit: 0,
  idleTimeout: 60_000,
  // How long a running statement may continue when its connection is closed, in milliseconds.
  gracefulTerminationTimeout: 250,
  // No statement changes the state of a session, so no reset is needed. DISCARD ALL would cost a round trip for every
  // statement and remove the prepared statements.
  resetConnection: () => Promise.resolve(),
});
