import { findBinaries } from '../infrastructure/embedded-postgres/binaries.ts';
import type { Settings } from '../config/settings.ts';
import { fetchKeys } from '../infrastructure/jose/fetch-keys.ts';
import { unusableBecause } from '../infrastructure/jose/judge-keys.ts';
import { checkDataDirectory } from '../infrastructure/system/open-data-directory.ts';
import { checkSecret, refuseDataDirectory } from './development/secret.ts';
import { inspectDatabase, type Inspection } from '../infrastructure/postgres/inspect-database.ts';
import { missingIndexesProblem } from '../infrastructure/postgres/maintenance/list-indexes.ts';
import { record } from '../infrastructure/postgres/requirements/facts.ts';
import { adviceFor } from '../infrastructure/postgres/requirements/engine.ts';
import { extensionProblems } from '../infrastructure/postgres/requirements/migration-rights.ts';
import { sessionProblems, unreadableRecord } from '../infrastructure/postgres/requirements/requirements.ts';
import { UnmetRequirementsError, type Unmet } from '../infrastructure/postgres/requirements/unmet-error.ts';
import { checkRedisWrites } from '../infrastructure/redis/check-writes.ts';
import { redisUrlHint } from '../infrastructure/redis/url-hint.ts';
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
    const { preparedStatements, statementTimeoutMs, environment } = database;
    const isPooled = !preparedStatements;
    return judge(
      await inspectDatabase(database.url, { isPooled, statementTimeoutMs, environment }),
      database,
    );
  } catch (error) {
    if (error instanceof UnmetRequirementsError)
      return { notes: [], failures: [], refusals: error.unmet.map(({ problem }) => problem) };
    return failed(unreachableDatabaseLine(error));
  }
};

const judge = (
  { facts, pending, unmet, missingIndexes, obstacles, encryption }: Inspection,
  { migratesOnStart, allowsSuperuser }: Settings['database'],
): Check => {
  const { version, role, superuser, schema } = facts;
  const { name } = facts.engine;
  const indexes = missingIndexes.length === 0 ? [] : [missingIndexesProblem(missingIndexes)];
  const problems = (severity: Unmet['severity'], among = unmet) =>
    among.filter((one) => one.severity === severity).map(({ problem }) => problem);
  // The start runs pending migrations, if it can. What they leave of the tables is not known before.
  const left = migratesOnStart && pending.length > 0 ? sessionProblems(facts) : unmet;
  const unprepared = problems('unprepared', migratesOnStart ? [...obstacles, ...left] : left);
  return {
    notes: [
      `The database is ${name === null ? '' : `${name}, based on `}PostgreSQL ${version}; the role is ${role}${superuser ? ', a superuser' : ''}.`,
      ...adviceFor(facts.engine, facts.has_citus),
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
      ...(migratesOnStart ? indexes : []),
    ],
    failures: [
      ...new Set(unprepared),
      ...(migratesOnStart || indexes.length === 0 ? [] : [...indexes, ...extensionProblems(facts)]),
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

export const checkRedis = async ({ redisUrl }: Pick<Settings, 'redisUrl'>): Promise<Check> => {
  if (redisUrl === undefined) return found('Rate limits are counted by each instance, without Redis.');
  try {
    await checkRedisWrites(redisUrl);
    return found('Redis accepts writes.');
  } catch (error) {
    const hint = redisUrlHint(redisUrl, error);
    const line = failureLine('Redis cannot count requests', error);
    return failed(hint === null ? line : `${line.replace(/\.$/, '')}. ${hint}`);
  }
};

const keysTimeoutMs = 3_000;

/** Whether a token can be verified with any key of the key set. */
export const checkKeys = async ({
  tokens: { keySetUrl, algorithms },
}: {
  readonly tokens: {
    readonly keySetUrl: string | undefined;
    readonly algorithms: readonly string[] | undefined;
  };
}): Promise<Check> => {
  if (keySetUrl === undefined) return found('Tokens are verified with a shared secret.');
  try {
    const { keys } = (await fetchKeys(keySetUrl, keysTimeoutMs)).jwks();
    if (keys.length === 0) return failed('The key set of JWKS_URL has no keys');
    const reasons = await Promise.all(keys.map((key) => unusableBecause(key, algorithms)));
    const unused = Map.groupBy(
      reasons.filter((reason) => reason !== null),
      (reason) => reason,
    );
    const usable = reasons.filter((reason) => reason === null).length;
    const others = [...unused].map(
      ([reason, { length }]) => `${length} ${length === 1 ? 'key is' : 'keys are'} not used: ${reason}`,
    );
    if (usable === 0) return failed(['The key set of JWKS_URL has no usable key', ...others].join('. '));
    return {
      notes: [
        `The key set of JWKS_URL has ${usable} usable ${usable === 1 ? 'key' : 'keys'}.`,
        ...others.map((line) => `${line}.`),
      ],
      failures: [],
      refusals: [],
    };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return failed(failureLine('The key set of JWKS_URL cannot be fetched', cause));
  }
};
