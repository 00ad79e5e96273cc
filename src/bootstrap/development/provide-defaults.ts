import type { Observer } from '../../application/ports/observer.ts';
import { ConfigError } from '../../config/config-error.ts';
import type { CompleteSettings, Settings } from '../../config/settings.ts';
import { developmentSecret, refuseDataDirectory } from './secret.ts';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../infrastructure/embedded-postgres/embedded-postgres.ts';
import { UnusableClusterError } from '../../infrastructure/embedded-postgres/unusable-cluster-error.ts';
import { migrate, refuseUnusableDatabase } from '../prepare-database.ts';
import type { ProcessEnd } from '../process-end.ts';

/** `opened` stops what was started. After `end.signal` aborts, nothing new starts. */
export interface Start {
  readonly opened: AsyncDisposableStack;
  readonly end: Pick<ProcessEnd, 'signal'>;
}

/**
 * Provides defaults for development: an embedded PostgreSQL and a secret, where they are not configured. Then runs the
 * migrations, unless they are switched off. Disposing the stack stops the embedded PostgreSQL.
 */
export const provideDefaults = async (
  settings: Settings,
  start: Start,
  observe: Observer,
): Promise<CompleteSettings> => {
  const secret = await provideSecret(settings);
  const url = await provideDatabase(settings, start, observe);
  const { environment, migratesOnStart } = settings.database;
  if (migratesOnStart) await migrate(url, environment);
  else await refuseUnusableDatabase(url, environment);
  return {
    ...settings,
    tokens: { ...settings.tokens, secret },
    database: { ...settings.database, url },
  };
};

/** The URL of the database that is configured, or else of the embedded one. */
export const provideDatabase = async (
  { database, dataDir }: Settings,
  { opened, end: { signal } }: Start,
  observe?: Observer,
): Promise<string> => {
  if (database.url !== undefined) return database.url;
  forgetShellDatabase();
  const starting = startEmbeddedPostgres(dataDir, {}, { signal, ...(observe && { observe }) });
  // Before it has started: a stop during the start waits until nothing is left of it.
  opened.defer(async () => {
    const started: EmbeddedPostgres | null = await starting.catch(() => null);
    await started?.[Symbol.asyncDispose]();
  });
  return (await starting.catch(explain)).url;
};

/**
 * libpq's variables (PGOPTIONS, PGSSLMODE, …), which node-postgres reads too, are about other servers. Without a
 * DATABASE_URL the process uses no other.
 */
const forgetShellDatabase = (): void => {
  for (const name of Object.keys(process.env))
    if (/^PG[A-Z]/.test(name)) Reflect.deleteProperty(process.env, name);
};

const explain = (error: unknown): never => {
  if (error instanceof UnusableClusterError) throw new ConfigError([error.message]);
  return refuseDataDirectory(error);
};

/** The configured secret, otherwise the development secret. Undefined if only a key set is configured. */
export const provideSecret = async ({ tokens, dataDir }: Settings): Promise<string | undefined> =>
  tokens.secret ?? (tokens.keySetUrl === undefined ? developmentSecret(dataDir) : undefined);
