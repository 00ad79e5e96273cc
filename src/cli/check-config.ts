import { ConfigError, loadConfig, type Config } from '../config/config.ts';
import { readEnvironment } from '../config/environment.ts';
import { findBinaries } from '../infrastructure/embedded-postgres/binaries.ts';
import { redacted } from '../infrastructure/observability/loggable-error.ts';
import { inspectDatabase, type Inspection } from '../infrastructure/postgres/inspect-database.ts';
import { runCommand } from './run-program.ts';

const oldestPostgres = 15;

const problemsOf = ({ version, role, isSuperuser }: Inspection, { NODE_ENV }: Config): readonly string[] => [
  ...(version < oldestPostgres
    ? [`DATABASE_URL is a PostgreSQL ${version} server; version 15 or newer is required`]
    : []),
  ...(isSuperuser && NODE_ENV === 'production'
    ? [`DATABASE_URL has the role ${role}, a superuser; use a role that owns only its own tables`]
    : []),
];

const notesOf = ({ version, role, isSuperuser, pending }: Inspection): readonly string[] => [
  `The database is PostgreSQL ${version}; the role is ${role}${isSuperuser ? ', a superuser' : ''}.`,
  pending.length === 0
    ? 'No migration is pending.'
    : `Pending migrations: ${pending.join(', ')}. Run: npm run migrate`,
];

/** Describes the database, one fact per line. Throws {@link ConfigError} if the service must not use it. */
const inspect = async (config: Config): Promise<readonly string[]> => {
  if (config.DATABASE_URL === undefined) {
    await findBinaries();
    return ['DATABASE_URL is not set: the service will start an embedded PostgreSQL.'];
  }
  let inspection: Inspection;
  try {
    inspection = await inspectDatabase(config.DATABASE_URL);
  } catch (error) {
    const reason = redacted(error instanceof Error ? error.message : String(error));
    return [`The database could not be inspected: ${reason}`];
  }
  const problems = problemsOf(inspection, config);
  if (problems.length > 0) throw new ConfigError(problems);
  return notesOf(inspection);
};

/** `npm run check-config`: checks whether the service can start with this configuration, and describes the database. */
await runCommand('start', async () => {
  const notes = await inspect(loadConfig(readEnvironment()));
  return ['The configuration is complete.', ...notes].join('\n');
});
