import { readRegularFile, UnreadableFileError } from '../../infrastructure/system/read-regular-file.ts';
import { readValues } from '../environment-values.ts';

/** The variables whose value can also be in a file (container secrets): the path is in the variable with `_FILE` at its end. */
const names = ['DATABASE_URL', 'BETTER_AUTH_SECRET', 'REDIS_URL'] as const;

interface WithSecretFiles {
  /** The environment, with the values of the files in the variables that they belong to. */
  readonly environment: NodeJS.ProcessEnv;
  /** What is wrong with files, by the name of the variable that lacks its value. Has no paths, which may be secrets by mistake. */
  readonly problems: ReadonlyMap<string, string>;
}

/** Reads the files of secrets. One line end at the end of a file is cut. */
export const readSecretFiles = (environment: NodeJS.ProcessEnv): WithSecretFiles => {
  const filled = { ...environment };
  const problems = new Map<string, string>();
  for (const name of names) {
    const variable = `${name}_FILE`;
    const { values, problems: unreadable } = readValues(environment, [name, variable]);
    const path = values[variable];
    if (path === undefined || unreadable.has(variable)) continue;
    if (values[name] !== undefined) {
      problems.set(name, `${name} and ${variable} must not both be set`);
      continue;
    }
    try {
      filled[name] = readSecretFile(path);
    } catch (error) {
      if (!(error instanceof UnreadableFileError)) throw error;
      problems.set(name, `${variable}: the file ${error.isMissing ? 'does not exist' : error.message}`);
    }
  }
  return { environment: filled, problems };
};

const readSecretFile = (path: string): string => {
  const value = decode(readRegularFile(path)).replace(/\r?\n$/, '');
  if (value.trim() === '') throw new UnreadableFileError('is empty');
  // The ends of values are cleaned later, which would hide a second line end.
  if (/[\r\n]/.test(value)) throw new UnreadableFileError('must have one line');
  return value;
};

const decode = (bytes: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableFileError('is not valid UTF-8');
  }
};
