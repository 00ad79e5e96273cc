import { loadConfig } from '../config/config.ts';
import { runMigrations } from '../infrastructure/postgres/run-migrations.ts';
import { readEnvironment, runProgram } from './run-program.ts';
import { provideDatabase } from '../bootstrap/development/provide-defaults.ts';

/** `npm run migrate`: runs the pending migrations and prints their names. */
await runProgram('migrate', async () => {
  const config = loadConfig(readEnvironment());
  await using opened = new AsyncDisposableStack();
  const names = await runMigrations(await provideDatabase(config, opened));
  const done = names.length === 0 ? 'Nothing to migrate.' : `Migrated: ${names.join(', ')}.`;
  process.stdout.write(`${done}\n`);
});
