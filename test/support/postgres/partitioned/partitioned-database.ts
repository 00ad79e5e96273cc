import { runMigrations } from '../../../../src/infrastructure/postgres/run-migrations.ts';
import { emptyDatabase, type TestDatabase } from '../postgres.ts';
import { partitionTables } from './partition-tables.ts';

/** A migrated database, whose tables are partitioned by user. */
export const partitionedDatabase = async (): Promise<TestDatabase> => {
  const database = await emptyDatabase();
  try {
    await runMigrations(database.url);
    await partitionTables(database.url);
    return database;
  } catch (error) {
    await database.drop();
    throw error;
  }
};
