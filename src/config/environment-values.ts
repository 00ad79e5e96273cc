/** The values of the variables as they are validated, and the problems of single characters, which have no values. */
interface EnvironmentValues {
  readonly values: Readonly<Record<string, string>>;
  readonly problems: ReadonlyMap<string, string>;
}

/** Secrets may begin or end with a space or a quotation mark; for all other variables that is a mistake. */
const secrets: ReadonlySet<string> = new Set(['BETTER_AUTH_SECRET', 'PGPASSWORD']);

/**
 * Reads variables by name: without white space and invisible characters at the ends (a secret: without line ends), and
 * without empty values.
 */
export const readValues = (environment: NodeJS.ProcessEnv, names: readonly string[]): EnvironmentValues => {
  const values: Record<string, string> = {};
  const problems = new Map<string, string>();
  for (const name of names) {
    const value = trimmed(name, environment[name] ?? '');
    if (value === '') continue;
    values[name] = value;
    const problem = problemOf(name, value);
    if (problem !== null) problems.set(name, problem);
  }
  return { values, problems };
};

/** In these libpq accepts every character. */
const freeText: ReadonlySet<string> = new Set(['PGPASSWORD', 'PGOPTIONS']);

/**
 * Reads the PG… variables of libpq. They are trimmed as in {@link readValues}; only control characters are a problem, because other
 * programs use these variables too.
 */
export const readLibpqValues = (environment: NodeJS.ProcessEnv): EnvironmentValues => {
  const values: Record<string, string> = {};
  const problems = new Map<string, string>();
  for (const name of Object.keys(environment).filter((one) => one.startsWith('PG'))) {
    const value = trimmed(name, environment[name] ?? '');
    if (value === '') continue;
    values[name] = value;
    if (hasControlCharacters(value) && !freeText.has(name)) problems.set(name, noControlCharacters);
  }
  return { values, problems };
};

const noControlCharacters = 'must not contain control characters, such as line ends';

const hasControlCharacters = (value: string): boolean => /[\p{Cc}\u2028\u2029]/u.test(value);

/** A sentence about a secret that is used as it is, although it was probably not meant so. Null: no such sentence. */
export const secretWarning = (name: string, value: string): string | null => {
  if (!secrets.has(name)) return null;
  const exact = trimmed(name, value);
  if (exact === '') return null;
  if (exact !== exact.trim()) return 'begins or ends with white space, which is a part of the secret';
  return hasQuotes(exact) ? 'has quotation marks at its ends, which are a part of the secret' : null;
};

const trimmed = (name: string, value: string): string => {
  const bare = value.replace(/^[\s\p{Cf}]+/u, '').replace(/(?<![\s\p{Cf}])[\s\p{Cf}]+$/u, '');
  return secrets.has(name) && bare !== ''
    ? value.replace(/^[\r\n]+/, '').replace(/(?<![\r\n])[\r\n]+$/, '')
    : bare;
};

const problemOf = (name: string, value: string): string | null => {
  if (value.includes('\ufffd')) return 'must be valid UTF-8';
  if (hasControlCharacters(value)) return noControlCharacters;
  // All kinds of space except the ordinary one, and characters that have no width.
  if (/[\p{Cf}\p{Zs}]/u.test(value.replaceAll(' ', ''))) return 'must not contain invisible characters';
  if (hasShellExpression(name, value))
    return 'must not contain $(…), ${…} or backticks: .env is not a shell script';
  if (!secrets.has(name) && hasQuotes(value))
    return 'must not be in quotation marks (docker --env-file keeps them)';
  return null;
};

/** Those of ASCII, and those that word processors and chats put in their place. */
const quotes = ['"', "'", '`', '‘', '’', '‚', '‛', '“', '”', '„', '‟', '«', '»'];
const hasQuotes = (value: string): boolean =>
  quotes.some((quote) => value.startsWith(quote) || value.endsWith(quote));

/** A secret may contain single backticks by chance: in it only the whole value, or a text with a space, is a command. */
const hasShellExpression = (name: string, value: string): boolean => {
  if (value.includes('$(') || value.includes('${')) return true;
  const commands = value.split('`').slice(1, -1);
  if (!secrets.has(name)) return commands.length > 0;
  return (
    commands.some((command) => command.includes(' ')) ||
    (commands.length > 0 && value.startsWith('`') && value.endsWith('`'))
  );
};
