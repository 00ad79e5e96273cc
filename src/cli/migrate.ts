import { provideDatabase } from '../bootstrap/development/provide-defaults.ts';
import { migrate } from '../bootstrap/prepare-database.ts';
import { readSettings } from './read-settings.ts';
import { refuseArguments } from './read-arguments.ts';
import { runCommand } from './run-program.ts';

const usage = `usage: npm run migrate

  Runs the pending migrations, builds missing indexes, and prints the names of both. There are no options: migrations run
  forward only, and npm run check-config lists what is pending. The database is that of DATABASE_URL.`;

/** `npm run migrate`: runs the pending migrations, builds missing indexes, and prints their names. */
await runCommand({ task: 'migrate', usage, read: refuseArguments }, async (run) => {
  const settings = readSettings();
  const url = await provideDatabase(settings, run);
  const { migrations, indexes } = await migrate(url, settings.database.environment);
  const done = [
    ...(migrations.length === 0 ? [] : [`Migrated: ${migrations.join(', ')}.`]),
    ...(indexes.length === 0 ? [] : [`Built indexes: ${indexes.join(', ')}.`]),
  ];
  return done.length === 0 ? 'No migration is pending, and no index is missing.' : done.join('\n');
});
