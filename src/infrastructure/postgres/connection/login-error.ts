import { DatabaseError } from 'pg';
import { NoPasswordError, readPassword, type Login } from './password-file.ts';

/** A server, or a pooler in front of it, refuses the login. The message contains the remedy. */
export class LoginError extends Error {
  override readonly name = 'LoginError';
  /** SQLSTATE. */
  readonly code: string;

  constructor(code: string, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Reads the password file. Throws {@link LoginError}, which names the file and why it has no password. */
export const passwordFromFile = (file: string | null, login: Login): string => {
  try {
    if (file === null) throw new NoPasswordError('cannot be found: the user has no home');
    return readPassword(file, login);
  } catch (error) {
    if (!(error instanceof NoPasswordError)) throw error;
    const named = `the password file${file === null ? '' : ` ${file}`} (PGPASSFILE) ${error.message}`;
    throw new LoginError('28P01', `${withoutPassword}; ${named}`, error);
  }
};

const withoutPassword = 'the server requires a password, and there is none in DATABASE_URL or PGPASSWORD';

const refusedParameter = /unsupported startup parameter(?: in options)?:? *"?([\w.]*)/i;

/** Values, names and the syntax of settings, 55P02 (a setting of the server), and what a login trigger raises. */
const refusedSession = /^(?:2[23]...|42(?!501)...|55P02|P0...)$/;

const checkSettings =
  'Check options in DATABASE_URL and PGOPTIONS, the settings of the role and the database, and login triggers';

/** What an error of a login means: poolers describe these in words of their protocol. */
export const explainLogin = (error: unknown, isPooled: boolean): unknown => {
  if (!(error instanceof DatabaseError) || error.code === undefined) return error;
  if (refusedSession.test(error.code))
    return new LoginError(
      error.code,
      `the server refuses the session: ${error.message}. ${checkSettings}`,
      error,
    );
  if (error.code !== '08P01') return error;
  const [isRefused, name = ''] = refusedParameter.exec(error.message) ?? [];
  if (isRefused === undefined) return error;
  const remedy =
    isPooled || name === 'options'
      ? 'remove options from DATABASE_URL and PGOPTIONS, and set them for the role, as by ALTER ROLE … SET search_path'
      : 'set DATABASE_PREPARED_STATEMENTS=false';
  return new LoginError('08P01', `a pooler refuses the startup parameter ${name}: ${remedy}`, error);
};
