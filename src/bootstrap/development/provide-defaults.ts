import type { Config } from '../../config/config.ts';
import type { Settings } from '../../config/settings.ts';
import { developmentSecret } from './secret.ts';
import { startEmbeddedPostgres } from '../../infrastructure/embedded-postgres/embedded-postgres.ts';
import { runMigrations } from '../../infrastructure/postgres/run-migrations.ts';

/**
 * Provides defaults for development: an embedded PostgreSQL and a secret, where they are not configured. Then runs the
 * migrations, unless they are switched off. Disposing the stack stops the embedded PostgreSQL.
 */
export const provideDefaults = async (config: Config, opened: AsyncDisposableStack): Promise<Settings> => {
  const settings = {
    ...config,
    DATABASE_URL: await provideDatabase(config, opened),
    BETTER_AUTH_SECRET: await provideSecret(config),
  };
  if (config.MIGRATE_ON_START ?? config.NODE_ENV !== 'production') await runMigrations(settings.DATABASE_URL);
  return settings;
};

/** The URL of the configured database, otherwise of the embedded one, which stops when the stack is disposed. */
export const provideDatabase = async (config: Config, opened: AsyncDisposableStack): Promise<string> =>
  config.DATABASE_URL ?? opened.use(await startEmbeddedPostgres(config.DATA_DIR)).url;

/** The configured secret, otherwise the development secret. Undefined if only a key set is configured. */
export const provideSecret = async (config: Config): Promise<string | undefined> =>
  config.BETTER_AUTH_SECRET ??
  (config.JWKS_URL === undefined ? developmentSecret(config.DATA_DIR) : undefined);
