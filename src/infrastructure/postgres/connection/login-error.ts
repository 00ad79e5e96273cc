import { DatabaseError, type Client } from 'pg';

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

const withoutPassword =
  'the server requires a password, and there is none in DATABASE_URL or PGPASSWORD, and none for this host, port, database and ' +
  'user in the file of PGPASSFILE';

const refusedParameter = /unsupported startup parameter(?: in options)?:? *"?([\w.]*)/i;

/** Watches a login. Returns what an error of it means: node-postgres and poolers describe these in words of their protocol. */
export const watchLogin = (client: Client, isPooled: boolean): ((error: unknown) => unknown) => {
  let isPasswordRequired = false;
  const events = ['authenticationCleartextPassword', 'authenticationMD5Password', 'authenticationSASL'];
  for (const event of events) client.connection.on(event, () => (isPasswordRequired = true));
  return (error) => {
    const isPasswordMissing = (client.password ?? '') === '';
    // A connection that ends meanwhile, or a timeout, is another matter.
    const isOfPassword =
      error instanceof Error &&
      (('code' in error && error.code === '28P01') || error.message.includes('client password must be'));
    if (isPasswordRequired && isPasswordMissing && isOfPassword)
      return new LoginError('28P01', withoutPassword, error);
    if (!(error instanceof DatabaseError) || error.code !== '08P01') return error;
    const [isRefused, name = ''] = refusedParameter.exec(error.message) ?? [];
    if (isRefused === undefined) return error;
    const remedy =
      isPooled || name === 'options'
        ? 'remove options from DATABASE_URL and PGOPTIONS, and set them for the role, as by ALTER ROLE … SET search_path'
        : 'set DATABASE_PREPARED_STATEMENTS=false';
    return new LoginError('08P01', `a pooler refuses the startup parameter ${name}: ${remedy}`, error);
  };
};
