import { provideDatabase } from '../bootstrap/development/provide-defaults.ts';
import { migrate } from '../bootstrap/prepare-database.ts';
import { readEnvironment } from '../config/environment.ts';
import { loadSettings } from '../config/load-settings.ts';
import { runCommand } from './run-program.ts';

/** `npm run migrate`: runs the pending migrations and prints their names. */
await runCommand('migrate', async (run) => {
  const settings = loadSettings(readEnvironment());
  const url = await provideDatabase(settings, run);
  const names = await migrate(url, settings.database.environment);
  return names.length === 0 ? 'Nothing to migrate.' : `Migrated: ${names.join(', ')}.`;
});
