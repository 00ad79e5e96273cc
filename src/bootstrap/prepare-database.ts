import { ConfigError } from '../config/config-error.ts';
import type { Settings } from '../config/settings.ts';
import type { Composition } from './container.ts';
import { inspectDatabase } from '../infrastructure/postgres/inspect-database.ts';
import type { Environment } from '../infrastructure/postgres/connection/read-parameters.ts';
import { runMaintenance } from '../infrastructure/postgres/maintenance/run-maintenance.ts';
import { UnmetRequirementsError } from '../infrastructure/postgres/requirements/unmet-error.ts';
import { runMigrations, type Migrated } from '../infrastructure/postgres/run-migrations.ts';

/** Folds text, indexes large lists and deletes what has expired in the background, until it is disposed of. */
export const maintainDatabase = (
  { get }: Pick<Composition, 'get'>,
  retention: Settings['retention'],
): AsyncDisposable => runMaintenance(get('database'), get('observer'), retention);

/**
 * Runs the pending migrations and builds missing indexes. Throws {@link ConfigError} where the database has to be changed
 * first.
 */
export const migrate = async (url: string, environment: Environment): Promise<Migrated> => {
  try {
    return await runMigrations(url, environment);
  } catch (error) {
    if (!(error instanceof UnmetRequirementsError)) throw error;
    throw new ConfigError(error.unmet.map(({ problem }) => problem));
  }
};

/**
 * Throws {@link ConfigError} for a database that can never hold the tasks. One that cannot be reached, or lacks a migration, is
 * no reason not to start: the service is not ready until it is there.
 */
export const refuseUnusableDatabase = async (url: string, environment: Environment): Promise<void> => {
  const inspection = await inspectDatabase(url, { isPooled: true, environment }).catch((error: unknown) =>
    error instanceof UnmetRequirementsError ? error : null,
  );
  const problems = inspection?.unmet
    .filter(({ severity }) => severity === 'unusable')
    .map(({ problem }) => problem);
  if (problems !== undefined && problems.length > 0) throw new ConfigError(problems);
};
