import { findBinaries } from '../infrastructure/embedded-postgres/binaries.ts';
import type { Settings } from '../config/settings.ts';
import { fetchKeys } from '../infrastructure/jose/fetch-keys.ts';
import { checkDataDirectory } from '../infrastructure/system/open-data-directory.ts';
import { checkSecret, refuseDataDirectory } from './development/secret.ts';
import { inspectDatabase, type Inspection } from '../infrastructure/postgres/inspect-database.ts';
import { record } from '../infrastructure/postgres/requirements/facts.ts';
import { unreadableRecord, type Unmet } from '../infrastructure/postgres/requirements/requirements.ts';
import { checkRedisWrites } from '../infrastructure/redis/check-writes.ts';
import { failureLine, unreachableDatabaseLine } from './failure-line.ts';

/** What was found of a service that Taskhold uses. */
export interface Check {
  readonly notes: readonly string[];
  /** What does not work now. */
  readonly failures: readonly string[];
  /** Why the configuration must be changed. */
  readonly refusals: readonly string[];
}

const found = (note: string): Check => ({ notes: [note], failures: [], refusals: [] });

const failed = (line: string): Check => ({ notes: [], failures: [line], refusals: [] });

/** Throws `ConfigError` where the data directory is needed and cannot be used. Leaves nothing behind. */
export const checkData = async ({ database, tokens, dataDir }: Settings): Promise<void> => {
  if (database.url === undefined) await checkDataDirectory(dataDir).catch(refuseDataDirectory);
  if (tokens.secret === undefined && tokens.keySetUrl === undefined) await checkSecret(dataDir);
};

export const checkDatabase = async ({ database }: Settings): Promise<Check> => {
  if (database.url === undefined) {
    await findBinaries();
    return found('DATABASE_URL is not set: the service will start an embedded PostgreSQL.');
  }
  try {
    const isPooled = !database.preparedStatements;
    return judge(
      await inspectDatabase(database.url, { isPooled, environment: database.environment }),
      database,
    );
  } catch (error) {
    return failed(unreachableDatabaseLine(error));
  }
};

const judge = (
  { facts, pending, unmet, obstacles, encryption }: Inspection,
  { migratesOnStart, allowsSuperuser }: Settings['database'],
): Check => {
  const { version, role, superuser, schema } = facts;
  const isMigrated = migratesOnStart && pending.length > 0;
  const problems = (severity: Unmet['severity'], among = unmet) =>
    among.filter((one) => one.severity === severity).map(({ problem }) => problem);
  return {
    notes: [
      `The database is PostgreSQL ${version}; the role is ${role}${superuser ? ', a superuser' : ''}.`,
      encryption === null
        ? 'The connection to the database is not encrypted.'
        : `The connection to the database is encrypted (${encryption}).`,
      `Tables and the record of migrations are in the schema ${schema ?? '(none)'}.`,
      facts.applied === null && facts.row_security.includes(record)
        ? 'Row-level security can hide which migrations ran.'
        : facts.applied === null
          ? unreadableRecord(facts)
          : pending.length === 0
            ? 'No migration is pending.'
            : `Pending migrations: ${pending.join(', ')}. Run: npm run migrate`,
    ],
    failures: [
      // The start of the service runs the migrations, if it can.
      ...problems('unprepared', isMigrated ? obstacles : unmet),
      ...problems('read-only'),
    ],
    refusals: [
      ...problems('unusable'),
      ...(superuser && !allowsSuperuser
        ? [`DATABASE_URL has the role ${role}, a superuser; use one that owns nothing but its tables`]
        : []),
    ],
  };
};

export const checkRedis = async ({ redisUrl }: Settings): Promise<Check> => {
  if (redisUrl === undefined) return found('Rate limits are counted by each instance, without Redis.');
  try {
    await checkRedisWrites(redisUrl);
    return found('Redis accepts writes.');
  } catch (error) {
    return failed(failureLine('Redis cannot count requests', error));
  }
};

const keysTimeoutMs = 3_000;

export const checkKeys = async ({ tokens: { keySetUrl } }: Settings): Promise<Check> => {
  if (keySetUrl === undefined) return found('Tokens are verified with a shared secret.');
  try {
    const count = (await fetchKeys(keySetUrl, keysTimeoutMs)).jwks().keys.length;
    return count === 0
      ? failed('The key set of JWKS_URL has no keys')
      : found(`The key set of JWKS_URL has ${count} ${count === 1 ? 'key' : 'keys'}.`);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return failed(failureLine('The key set of JWKS_URL cannot be fetched', cause));
  }
};
