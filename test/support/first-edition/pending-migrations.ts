import { migrationNames } from '../../../src/infrastructure/postgres/requirements/migration-files.ts';

/** The migrations that a database of the first edition lacks, in order. */
export const pendingMigrations = (await migrationNames()).slice(1);
