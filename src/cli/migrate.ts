import { databaseEnvironment } from '../bootstrap/adapter-options.ts';
import { provideDatabase } from '../bootstrap/development/provide-defaults.ts';
import { migrate } from '../bootstrap/prepare-database.ts';
import { loadConfig } from '../config/config.ts';
import { readEnvironment } from '../config/environment.ts';
import { runCommand } from './run-program.ts';

/** `npm run migrate`: runs the pending migrations and prints their names. */
await runCommand('migrate', async (run) => {
  const config = loadConfig(readEnvironment());
  const url = await provideDatabase(config, run);
  const isDatabaseEmbedded = config.DATABASE_URL === undefined;
  const names = await migrate(url, databaseEnvironment({ isDatabaseEmbedded }));
  return names.length === 0 ? 'Nothing to migrate.' : `Migrated: ${names.join(', ')}.`;
});
