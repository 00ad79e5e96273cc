import type { Pool } from 'pg';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { jwt, type JwtOptions } from 'better-auth/plugins';
import { SignJWT } from 'jose';
import { refuseUnstorable } from './refuse-unstorable.ts';

export interface AuthOptions {
  /** Where clients see the server. The issuer and the audience of tokens. */
  readonly origin: string;
  /** Signs cookies and encrypts the private key of tokens; signs the tokens too where `tokensBy` is `secret`. */
  readonly secret: string;
  readonly database: Pool;
  /** How Taskhold verifies tokens: by the key set of Better Auth, or by the secret that both know. */
  readonly tokensBy: 'key set' | 'secret';
  /** How often an address may sign in, and how often it may sign up, within a minute. */
  readonly attemptsPerMinute: number;
}

/** Lifetime of an access token. Taskhold accepts it until then, also after a sign-out. */
export const accessTokenSeconds = 900;

/** Set by the server on every request: Better Auth counts attempts by it. A value from a client is overwritten. */
export const clientAddressHeader = 'x-client-address';

/** Creates Better Auth with sign-up by email and password, and with its tables in the schema of the connection. */
export const createAuth = async (options: AuthOptions) => {
  const { origin, secret, database } = options;
  const attempts = { window: 60, max: options.attemptsPerMinute };
  const auth = betterAuth({
    baseURL: origin,
    trustedOrigins: [origin.replace('//127.0.0.1:', '//localhost:')],
    secret,
    database,
    emailAndPassword: { enabled: true },
    rateLimit: {
      enabled: true, // by default in production alone
      storage: 'database',
      window: 60,
      max: 30 * options.attemptsPerMinute, // for each other path, such as that of tokens
      customRules: { '/sign-in/*': attempts, '/sign-up/*': attempts },
    },
    advanced: { ipAddress: { ipAddressHeaders: [clientAddressHeader] } },
    // One line, without the details of the database's errors, which contain emails.
    logger: {
      level: 'error',
      log: (_, message, ...errors) =>
        console.error(['Better Auth:', message, ...errors.map(String)].join(' ')),
    },
    // Better Auth would log errors with all details; thrown, the server logs them.
    onAPIError: { throw: true },
    hooks: { before: refuseUnstorable },
    telemetry: { enabled: false },
    plugins: [jwt(tokenOptions(options))],
  });
  await (await getMigrations(auth.options)).runMigrations();
  return auth;
};

export type Auth = Awaited<ReturnType<typeof createAuth>>;

const tokenOptions = ({ tokensBy, secret }: AuthOptions): JwtOptions => ({
  jwt: {
    expirationTime: `${accessTokenSeconds} s`,
    definePayload: ({ user, session }) => ({ email: user.email, name: user.name, sid: session.id }),
    ...(tokensBy === 'secret'
      ? {
          sign: (claims) =>
            new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret)),
        }
      : {}),
  },
  // Better Auth takes `sign` only beside the place of the keys, which is not used then.
  ...(tokensBy === 'secret' ? { jwks: { remoteUrl: 'none:', keyPairConfig: { alg: 'EdDSA' } } } : {}),
});
