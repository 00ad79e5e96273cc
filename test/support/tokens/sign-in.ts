import { createServer, type RequestListener } from 'node:http';
import type { Pool } from 'pg';
import { openAuthDatabase } from '../../../examples/sign-in/auth-database.ts';
import type { AuthOptions } from '../../../examples/sign-in/better-auth.ts';
import { createSignIn } from '../../../examples/sign-in/server.ts';
import { listening } from '../http/listening.ts';
import { startService, type Service, type ServiceOptions } from '../http/service.ts';
import { emptyDatabase } from '../postgres/postgres.ts';
import { testSecret } from './tokens.ts';

/** The sign-in of the example with its own database, and a service behind it that trusts its tokens. */
export interface SignIn extends AsyncDisposable {
  /** The address of the page, and the issuer of the tokens. */
  readonly origin: string;
  readonly service: Service;
  /** The database of Better Auth. */
  readonly database: Pool;
}

interface Options extends Pick<ServiceOptions, 'store' | 'environment'> {
  readonly tokensBy?: AuthOptions['tokensBy'];
  readonly attemptsPerMinute?: number;
}

export const startSignIn = async (options: Options = {}): Promise<SignIn> => {
  const { tokensBy = 'key set', attemptsPerMinute = 1_000 } = options;
  await using undo = new AsyncDisposableStack();
  const { url, drop } = await emptyDatabase();
  undo.defer(drop);
  const { pool: database } = undo.use(await openAuthDatabase(url));
  let listener: RequestListener = (_, response) => response.destroy();
  const server = createServer((request, response) => listener(request, response));
  const origin = `http://127.0.0.1:${await listening(server, undo)}`;
  const trust =
    tokensBy === 'key set'
      ? { JWKS_URL: `${origin}/api/auth/jwks`, BETTER_AUTH_SECRET: '' }
      : { BETTER_AUTH_SECRET: testSecret };
  const environment = { ...trust, JWT_ISSUER: origin, JWT_AUDIENCE: origin, ...options.environment };
  const service = undo.use(await startService({ ...options, environment }));
  listener = await createSignIn({
    origin,
    taskhold: service.url,
    responseTimeoutMs: 15_000,
    secret: testSecret,
    database,
    tokensBy,
    attemptsPerMinute,
  });
  const resources = undo.move();
  return { origin, service, database, [Symbol.asyncDispose]: () => resources.disposeAsync() };
};
