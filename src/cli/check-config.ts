import { parseArgs } from 'node:util';
import { checkTracer } from '../bootstrap/adapters/create-tracer.ts';
import { checkData, checkDatabase, checkKeys, checkRedis, type Check } from '../bootstrap/check-services.ts';
import { ConfigError } from '../config/config-error.ts';
import { readSettings } from './read-settings.ts';
import { standardError } from '../infrastructure/observability/standard-output.ts';
import { runCommand, unavailableExitCode } from './run-program.ts';

const usage = `usage: npm run check-config [-- --offline]

  --offline  checks the variables alone, and connects to nothing`;

const commandLine = {
  task: 'check the configuration',
  configuredTask: 'start',
  usage,
  read: (args: readonly string[]) =>
    parseArgs({ args: [...args], options: { offline: { type: 'boolean', default: false } } }).values,
} as const;

/**
 * `npm run check-config`: whether the service can start with this configuration, and whether its database, Redis and key
 * set work; with `--offline` the first alone.
 */
await runCommand(commandLine, async ({ end }, { offline }) => {
  const settings = readSettings();
  const complete = 'The configuration is complete.';
  if (offline) return complete;
  if (settings.exportsTraces) await checkTracer();
  await checkData(settings);
  const checks: readonly Check[] = await Promise.all([
    checkDatabase(settings),
    checkRedis(settings),
    checkKeys(settings),
  ]);
  const report = [complete, ...checks.flatMap(({ notes }) => notes)].join('\n');
  const refused = checks.flatMap(({ refusals }) => refusals);
  if (refused.length > 0) throw new ConfigError(refused);
  const failures = checks.flatMap((check) => check.failures);
  if (failures.length > 0) {
    standardError.write(`Taskhold would not work:\n${failures.map((line) => `  - ${line}`).join('\n')}\n`);
    end.begin(unavailableExitCode);
  }
  return report;
});
