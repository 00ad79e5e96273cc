import type { Config } from '../../config/config.ts';
import type { Settings } from '../../config/settings.ts';
import { developmentSecret } from './secret.ts';
import { startEmbeddedPostgres } from '../../infrastructure/embedded-postgres/embedded-postgres.ts';
import { runMigrations } from '../../infrastructure/postgres/run-migrations.ts';

/**
 * Makes what a development service was not given: a PostgreSQL of its own and a secret. Then the database is brought
 * up to date, if that is wanted. What is started here is stopped with the stack.
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

/** The URL of the database that is configured, or else of the embedded one, which is stopped with the stack. */
export const provideDatabase = async (config: Config, opened: AsyncDisposableStack): Promise<string> =>
  config.DATABASE_URL ?? opened.use(await startEmbeddedPostgres(config.DATA_DIR)).url;

/** The secret that is configured; where there is nothing at all to check a token with, the development secret. */
export const provideSecret = async (config: Config): Promise<string | undefined> =>
  config.BETTER_AUTH_SECRET ??
  (config.JWKS_URL === undefined ? developmentSecret(config.DATA_DIR) : undefined);
