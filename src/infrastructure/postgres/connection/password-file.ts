import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readRegularFile, UnreadableFileError } from '../../system/read-regular-file.ts';

/** The default socket directories of Debian and of PostgreSQL itself. Password files call them `localhost`. */
export const socketFolders: readonly string[] = ['/var/run/postgresql', '/tmp'];

/** What a line of a password file is looked up by. */
export interface Login {
  /** A name, an address, or the directory of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/** A password file has no password for a login. The message completes a sentence that begins with its name. */
export class NoPasswordError extends Error {
  override readonly name = 'NoPasswordError';
}

/** Where libpq looks without PGPASSFILE; null for a user without a home. */
export const defaultPasswordFile = (): string | null => {
  if (process.platform === 'win32') {
    const { APPDATA: folder } = process.env;
    return folder === undefined ? null : join(folder, 'postgresql', 'pgpass.conf');
  }
  try {
    return join(homedir() || '/', '.pgpass');
  } catch {
    return null;
  }
};

/**
 * Reads the password of a login as libpq does: that of the first line that fits.
 * https://www.postgresql.org/docs/18/libpq-pgpass.html
 * Throws {@link NoPasswordError} where no line fits, or the file cannot be used.
 */
export const readPassword = (path: string, login: Login): string => {
  const passwords = linesOf(path)
    .filter((line) => !line.startsWith('#'))
    .map(fieldsOf);
  const found = passwords.find((fields) => fits(fields, login))?.[4];
  if (found === undefined) throw new NoPasswordError('has no line for this host, port, database and user');
  return unescaped(found);
};

const linesOf = (path: string): readonly string[] => {
  try {
    const content = readRegularFile(path).toString('utf8');
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
    if (process.platform !== 'win32' && (mode & groupAndOthers) !== 0)
      throw new NoPasswordError('is ignored, because its group or others may use it: set its mode to 600');
    return content.split(/\r?\n/);
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    throw new NoPasswordError(error.isMissing ? 'is missing' : error.message);
  }
};

const groupAndOthers = 0o077;

/** Host, port, database, user and password, with their backslashes. */
const fieldsOf = (line: string): readonly string[] => {
  const fields: string[] = [];
  let field = '';
  for (const part of line.split(/(\\.|:)/s)) {
    if (part === ':') fields.push(field);
    field = part === ':' ? '' : field + part;
  }
  return [...fields, field];
};

const unescaped = (field: string): string => field.replace(/\\(.)/gs, '$1');

/** A line without a password counts as no line. */
const fits = (fields: readonly string[], { host, port, database, user }: Login): boolean => {
  const hosts = socketFolders.includes(host) ? [host, 'localhost'] : [host];
  const wanted = [hosts, [String(port)], [database], [user]];
  const [password = ''] = fields.slice(wanted.length);
  return (
    password !== '' &&
    wanted.every((values, at) => fields[at] === '*' || values.includes(unescaped(fields[at] ?? '')))
  );
};
