import { loadConfig } from '../config/config.ts';
import { readEnvironment } from '../config/environment.ts';
import { runMigrations } from '../infrastructure/postgres/run-migrations.ts';
import { runCommand } from './run-program.ts';
import { provideDatabase } from '../bootstrap/development/provide-defaults.ts';

/** `npm run migrate`: runs the pending migrations and prints their names. */
await runCommand('migrate', async (run) => {
  const config = loadConfig(readEnvironment());
  const names = await runMigrations(await provideDatabase(config, run));
  return names.length === 0 ? 'Nothing to migrate.' : `Migrated: ${names.join(', ')}.`;
});
