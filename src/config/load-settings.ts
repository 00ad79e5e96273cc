import { ConfigError } from './config-error.ts';
import { databaseProblems } from './database-config.ts';
import { readValues } from './environment-values.ts';
import { readSecretFiles } from './files/secret-files.ts';
import { toSettings, type Settings } from './settings.ts';
import { tokenProblems } from './token-config.ts';
import { tracingProblems } from './tracing-config.ts';
import { variables, variablesSchema, type Variables } from './variables.ts';

/** Reads the settings from an environment. Throws {@link ConfigError} with all problems. */
export const loadSettings = (processEnvironment: NodeJS.ProcessEnv): Settings => {
  const { environment, problems: unreadFiles } = readSecretFiles(processEnvironment);
  const { values: given, problems: unreadable } = readValues(environment, Object.keys(variables));
  const parsed = variablesSchema.safeParse(given);
  const problems = [
    ...unreadFiles.values(),
    ...[...unreadable].map(([name, problem]) => `${name} ${problem}`),
    ...(parsed.error?.issues ?? [])
      .filter(({ path: [name] }) => !unreadable.has(String(name)))
      .map(({ path, message }) => `${path.join('.')} ${message}`),
  ];
  const algorithms = variables.JWT_ALGORITHMS.safeParse(given['JWT_ALGORITHMS']).data;
  // A variable whose file cannot be read is not missing.
  const isUnread = (name: string): boolean => unreadFiles.has(name);
  const unreadSecret = isUnread('BETTER_AUTH_SECRET') ? { BETTER_AUTH_SECRET: '' } : {};
  problems.push(...tokenProblems({ ...unreadSecret, ...given, JWT_ALGORITHMS: algorithms }));
  if (given['NODE_ENV'] === 'production' && given['DATABASE_URL'] === undefined && !isUnread('DATABASE_URL'))
    problems.push('DATABASE_URL is required in production');
  problems.push(...databaseProblems(given['DATABASE_URL'], environment), ...tracingProblems(environment));
  const values = parsed.data && fitDefaults(parsed.data, given);
  if (values !== undefined) problems.push(...contradictions(values, given));
  if (values === undefined || problems.length > 0) throw new ConfigError(problems);
  return toSettings(values, environment);
};

/** Changes a default that would contradict a configured variable. */
const fitDefaults = (values: Variables, given: Readonly<Record<string, unknown>>): Variables => ({
  ...values,
  ...('DATABASE_STATEMENT_TIMEOUT_MS' in given
    ? {}
    : {
        DATABASE_STATEMENT_TIMEOUT_MS: Math.min(
          values.DATABASE_STATEMENT_TIMEOUT_MS,
          values.REQUEST_TIMEOUT_MS - 1,
        ),
      }),
  ...('MAX_CONNECTIONS_PER_ADDRESS' in given
    ? {}
    : {
        MAX_CONNECTIONS_PER_ADDRESS: Math.min(values.MAX_CONNECTIONS_PER_ADDRESS, values.MAX_CONNECTIONS),
      }),
  ...('TOMBSTONE_RETENTION_DAYS' in given
    ? {}
    : {
        TOMBSTONE_RETENTION_DAYS: Math.max(values.TOMBSTONE_RETENTION_DAYS, values.TRASH_RETENTION_DAYS),
      }),
});

/** Values that are valid alone but not together. */
const contradictions = (values: Variables, given: Readonly<Record<string, unknown>>): readonly string[] => [
  ...(values.DATABASE_STATEMENT_TIMEOUT_MS < values.REQUEST_TIMEOUT_MS
    ? []
    : ['DATABASE_STATEMENT_TIMEOUT_MS must be less than REQUEST_TIMEOUT_MS']),
  ...(values.MAX_CONNECTIONS_PER_ADDRESS <= values.MAX_CONNECTIONS
    ? []
    : ['MAX_CONNECTIONS_PER_ADDRESS must be at most MAX_CONNECTIONS']),
  ...(values.SHUTDOWN_DELAY_MS < values.SHUTDOWN_TIMEOUT_MS
    ? []
    : ['SHUTDOWN_DELAY_MS must be less than SHUTDOWN_TIMEOUT_MS, of which it is a part']),
  ...(values.TOMBSTONE_RETENTION_DAYS >= values.TRASH_RETENTION_DAYS
    ? []
    : ['TOMBSTONE_RETENTION_DAYS must not be less than TRASH_RETENTION_DAYS']),
  // Without it, responses would need an address that only the request names.
  ...(values.MCP_ENABLED && values.NODE_ENV === 'production' && values.PUBLIC_URL === undefined
    ? ['PUBLIC_URL is required in production with MCP_ENABLED']
    : []),
  // In development, an operations listener without a configured port takes another one.
  ...(values.PORT === 0 ||
  values.PORT !== values.OPS_PORT ||
  values.HOST !== values.OPS_HOST ||
  (values.NODE_ENV === 'development' && !('OPS_PORT' in given))
    ? []
    : ['OPS_PORT must not be the same as PORT on the same host']),
];
