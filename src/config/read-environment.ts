import { variables } from './variables.ts';
import { standardError } from '../infrastructure/observability/standard-output.ts';
import { readEnvFile, type EnvFile } from './files/env-file.ts';
import { readValues, secretWarning } from './environment-values.ts';
import { isLocalDatabase } from './database-config.ts';
import { libpqVariables } from '../infrastructure/postgres/connection/parameters.ts';
import { intendedName } from './misspelled-names.ts';
import { readSecretFiles } from './files/secret-files.ts';

const file = '.env';
const names = Object.keys(variables);

/**
 * The environment of the process, with the variables of `.env` in the current folder that it has no value for. Writes
 * warnings to the standard error. Throws `ConfigError` if `.env` cannot be read.
 */
export const readEnvironment = (): NodeJS.ProcessEnv => {
  const found = readEnvFile(file, names);
  const missing = Object.entries(found?.variables ?? {}).filter(([name]) => (process.env[name] ?? '') === '');
  Object.assign(process.env, Object.fromEntries(missing));
  for (const warning of environmentWarnings(readSecretFiles(process.env).environment, found))
    standardError.write(`Taskhold warning: ${warning}\n`);
  return process.env;
};

/** What is valid but probably a mistake, one sentence each, without values. */
export const environmentWarnings = (
  environment: NodeJS.ProcessEnv,
  envFile: EnvFile | null,
): readonly string[] => [
  ...fileWarnings(envFile),
  ...nameWarnings(environment, envFile),
  ...names.flatMap((name) => {
    const warning = secretWarning(name, environment[name] ?? '');
    return warning === null ? [] : [`${name} ${warning}.`];
  }),
  ...developmentWarnings(readValues(environment, names).values, environment),
];

const nameWarnings = (environment: NodeJS.ProcessEnv, envFile: EnvFile | null): readonly string[] => {
  // Those of libpq count with a DATABASE_URL alone.
  const isRead = readValues(environment, ['DATABASE_URL']).values['DATABASE_URL'] !== undefined;
  const readNames = isRead ? [...names, ...libpqVariables] : names;
  return Object.keys(environment).flatMap((name) => {
    const intended = intendedName(name, readNames);
    if (intended === undefined) return [];
    // A line without `=` can have a part of a value in its name.
    if (/\s/.test(name.trim().replace(/^(?:export|set)\s+/i, '')))
      return [`A line of ${file} is ignored; the name of the variable may be ${intended}.`];
    const suffix = envFile?.variables[name] === undefined ? '' : ` in ${file}`;
    return [`${printable(name)}${suffix} is ignored; the name of the variable is ${intended}.`];
  });
};

const fileWarnings = (envFile: EnvFile | null): readonly string[] => {
  if (envFile === null) return [];
  if (Object.keys(envFile.variables).length === 0 && envFile.withoutValue.length === 0)
    return [`${file} sets no variable; is it complete?`];
  return envFile.withoutValue.map(
    (name) => `${file} names ${name} but does not set it; write ${name}=value.`,
  );
};

const developmentWarnings = (
  { NODE_ENV, DATABASE_URL }: Readonly<Record<string, string>>,
  environment: NodeJS.ProcessEnv,
): readonly string[] =>
  (NODE_ENV ?? 'development') === 'development' &&
  DATABASE_URL !== undefined &&
  !isLocalDatabase(DATABASE_URL, environment)
    ? [
        'NODE_ENV is development, but the database is on another machine. In production, set NODE_ENV=production; ' +
          'in development, defaults are meant for a single user.',
      ]
    : [];

/** Invisible characters as escapes, so that the reader sees the difference between two names. */
const printable = (name: string): string =>
  name.replace(/[^\x21-\x7e]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);
