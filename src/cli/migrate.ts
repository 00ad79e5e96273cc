import { provideDatabase } from '../bootstrap/development/provide-defaults.ts';
import { migrate } from '../bootstrap/prepare-database.ts';
import { readEnvironment } from '../config/read-environment.ts';
import { loadSettings } from '../config/load-settings.ts';
import { refuseArguments } from './read-arguments.ts';
import { runCommand } from './run-program.ts';

const usage = `usage: npm run migrate

  Runs the pending migrations and prints their names. There are no options: migrations run forward only, and
  npm run check-config lists the pending ones. The database is that of DATABASE_URL.`;

/** `npm run migrate`: runs the pending migrations and prints their names. */
await runCommand({ task: 'migrate', usage, read: refuseArguments }, async (run) => {
  const settings = loadSettings(readEnvironment());
  const url = await provideDatabase(settings, run);
  const names = await migrate(url, settings.database.environment);
  return names.length === 0 ? 'Nothing to migrate.' : `Migrated: ${names.join(', ')}.`;
});
