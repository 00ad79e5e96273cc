import { lstatSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { readRegularFile, UnreadableFileError } from '../../infrastructure/system/read-regular-file.ts';
import { ConfigError } from '../config-error.ts';

/** The variables of an env file, and the names of variables that have a line in it but no value. */
export interface EnvFile {
  readonly variables: NodeJS.Dict<string>;
  readonly withoutValue: readonly string[];
}

/**
 * Reads an env file in UTF-8; a byte order mark is skipped. Null if there is no such file. Throws {@link ConfigError}
 * if the file cannot be read, or if Node's parser would lose a part of it without an error.
 */
export const readEnvFile = (path: string, knownNames: readonly string[]): EnvFile | null => {
  const bytes = readBytes(path);
  if (bytes === null) return null;
  const text = decode(path, bytes);
  const variables = parseEnv(text);
  const isKnown = (name: string): boolean => knownNames.includes(name) || name.startsWith('PG');
  refuseInvisibleNames(path, text, Object.keys(variables));
  const trimmed = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, value?.trim()] as const),
  );
  refuseCutValues(path, text, isKnown, trimmed);
  refuseReplacedValues(path, text, isKnown, trimmed);
  const withoutValue = knownNames.filter((name) => variables[name] === undefined && isNamed(name).test(text));
  return { variables, withoutValue };
};

/** Finds a line that begins with the name, or that sets it as a unit of systemd or a file of Supervisor does. */
const isNamed = (name: string): RegExp =>
  new RegExp(`^[ \\t]*(?:(?:export[ \\t]+)?${name}\\b|[Ee]nvironment[ \\t]*=.*\\b${name}=)`, 'm');

const readBytes = (path: string): Buffer | null => {
  try {
    return readRegularFile(path);
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    if (error.isMissing && !isLink(path)) return null;
    const reason = error.isMissing ? 'is a link to a file that does not exist' : error.message;
    throw new ConfigError([`${path} ${reason}`]);
  }
};

const isLink = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;

const decode = (path: string, bytes: Buffer): string => {
  const refuse = (reason: string): never => {
    throw new ConfigError([`${path} ${reason}`]);
  };
  // Without a byte order mark, ASCII text in UTF-16 is valid UTF-8 in which every other byte is 0.
  if (/^(fffe|feff)/.test(bytes.toString('hex', 0, 2)) || bytes.includes(0))
    refuse('is UTF-16 or a binary file; save it as text in UTF-8');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('is not valid UTF-8; save it as text in UTF-8');
  }
  // The parser removes every CR, which would join such lines.
  if (/\r(?!\n)/.test(text)) refuse('has lines that end in CR alone; save it with LF or CRLF');
  return text;
};

/** The messages have no names: after a syntax error, the parser can take a part of a value for a name. */
const refuseInvisibleNames = (path: string, text: string, names: readonly string[]): void => {
  const lines = text.split('\n');
  const problems = names
    .filter((name) => /[^\x20-\x7e\t]/.test(name))
    .map((name) => lines.findIndex((line) => line.includes(name)) + 1)
    .map(
      (line) => `${path} line ${line} has a character before its = that is not ASCII, maybe an invisible one`,
    );
  if (problems.length > 0) throw new ConfigError(problems);
};

/**
 * Refuses lines of which Node's parser would lose a part without an error. It takes the next line as the value where there
 * is only white space after `=`. It ends a value without quotes at the first `#`, also inside a password, and a value in
 * quotes at the second quotation mark.
 */
const refuseCutValues = (
  path: string,
  text: string,
  isKnown: (name: string) => boolean,
  trimmed: NodeJS.Dict<string>,
): void => {
  const problems = text.split('\n').flatMap((line, index) => {
    // For Node's parser the next line is the value then, and no variable of its own.
    if (/^[^#=]+=[ \t]+\r?$/.test(line))
      return [`${path} line ${index + 1} has white space after its = and no value; remove the white space`];
    const [before, after = ''] = splitAt(line, '=');
    const name = before.trim().replace(/^export\s+/, '');
    const kept = isKnown(name) ? trimmed[name] : undefined;
    const problem = kept === undefined ? null : cutProblem(after, kept);
    return problem === null ? [] : [`${name} in ${path} ${problem}`];
  });
  if (problems.length > 0) throw new ConfigError([...new Set(problems)]);
};

/** Refuses a value that a later line replaces, such as an empty one left over from a template: the parser takes the last. */
const refuseReplacedValues = (
  path: string,
  text: string,
  isKnown: (name: string) => boolean,
  trimmed: NodeJS.Dict<string>,
): void => {
  // Each line gets a name of its own, so that the parser returns all values. It alone knows which lines are inside of quotes.
  let count = 0;
  const numbered = text.replace(
    /^[ \t]*(?:export[ \t]+)?\w+(?=[ \t]*=)/gm,
    (name) => `${name}${mark}${(count += 1)}`,
  );
  const replaced = new Set<string>();
  for (const [numberedName, value = ''] of Object.entries(parseEnv(numbered))) {
    const [name = ''] = numberedName.split(mark);
    const earlier = value.replace(marks, '').trim();
    if (isKnown(name) && earlier !== '' && earlier !== trimmed[name]) replaced.add(name);
  }
  const problems = [...replaced].map(
    (name) => `${path} sets ${name} more than once, to different values; keep one line`,
  );
  if (problems.length > 0) throw new ConfigError(problems);
};

/** A character that no name has: names with it are refused before. */
const mark = '\u0001';
const marks = new RegExp(`${mark}\\d+`, 'g');

/** What is lost of the text after `=`. Null: nothing, or the text is not where `kept`, the parsed value, comes from. */
const cutProblem = (after: string, kept: string): string | null => {
  const quote = after.trim().charAt(0);
  if (!/^["'`]$/.test(quote)) {
    const [value, comment] = splitAt(after, '#');
    if (comment === undefined || value.trim() !== kept || (value !== '' && /\s$/.test(value))) return null;
    return 'would be cut at its #: put the value in quotes, or white space before a comment';
  }
  const [, value = '', rest = ''] = after.split(quote);
  // Node takes backticks for quotation marks: the name of the command would become the value.
  if (quote === '`' && value.trim() === kept && kept.includes(' '))
    return 'must not be a command in backticks: .env is not a shell script';
  return value.trim() !== kept || /^\s*(?:#|$)/.test(rest)
    ? null
    : 'would be cut at its second quotation mark: put the value in quotes of another kind';
};

const splitAt = (text: string, separator: string): readonly [before: string, after?: string] => {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
};
