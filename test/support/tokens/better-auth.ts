import { once } from 'node:events';
import { Pool } from 'pg';
import { startAuthServer, type Options } from '../../../examples/better-auth/server.ts';
import { freePort } from '../processes/free-port.ts';
import { emptyDatabase } from '../postgres/postgres.ts';
import { startService, type Service } from '../http/service.ts';
import { testSecret } from './tokens.ts';

/** The server of the Better Auth example with its own database, and a service that trusts its tokens and its origin. */
export interface BetterAuth extends AsyncDisposable {
  /** The origin of the server, and the issuer of its tokens. */
  readonly issuer: string;
  readonly service: Service;
}

export const startBetterAuth = async (tokensBy: Options['tokensBy']): Promise<BetterAuth> => {
  await using undo = new AsyncDisposableStack();
  const { url, drop } = await emptyDatabase();
  undo.defer(drop);
  const database = new Pool({ connectionString: url });
  database.on('error', () => undefined); // `end` resolves before all connections are closed
  undo.defer(() => database.end());
  const port = await freePort();
  const server = await startAuthServer({ port, secret: testSecret, database, tokensBy });
  undo.defer(async () => {
    server.close().closeAllConnections();
    await once(server, 'close');
  });
  const issuer = `http://localhost:${port}`;
  const keys = { JWKS_URL: `${issuer}/api/auth/jwks`, BETTER_AUTH_SECRET: '' };
  const environment = {
    ...(tokensBy === 'key set' ? keys : { BETTER_AUTH_SECRET: testSecret }),
    JWT_ISSUER: issuer,
    JWT_AUDIENCE: issuer,
    CORS_ORIGINS: issuer,
  };
  const service = undo.use(await startService({ store: 'PostgreSQL', environment }));
  const resources = undo.move();
  return { issuer, service, [Symbol.asyncDispose]: () => resources.disposeAsync() };
};
