import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { jwt } from 'better-auth/plugins';
import { SignJWT } from 'jose';
import { Pool } from 'pg';
import { developmentSecret } from '../../src/bootstrap/development/secret.ts';

export interface Options {
  readonly port: number;
  /** What Better Auth signs its cookies with, and, if it is asked to, its tokens. */
  readonly secret: string;
  readonly database: Pool | DatabaseSync;
  /** How Taskhold is to check tokens: by Better Auth's key set, as it comes, or by the secret. */
  readonly tokensBy: 'key set' | 'secret';
}

/** Tokens signed with the secret. A `sign` is taken only beside the place of keys, for which nobody asks here. */
const signedWith = (secret: string) =>
  jwt({
    jwks: { remoteUrl: 'none:', keyPairConfig: { alg: 'EdDSA' } },
    jwt: {
      sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret)),
    },
  });

/** A server where people sign up, sign in, and get a token for Taskhold at /api/auth/token. */
export const startAuthServer = async ({ port, secret, database, tokensBy }: Options): Promise<Server> => {
  const auth = betterAuth({
    baseURL: `http://localhost:${port}`,
    secret,
    database,
    emailAndPassword: { enabled: true },
    plugins: [tokensBy === 'secret' ? signedWith(secret) : jwt()],
  });
  await (await getMigrations(auth.options)).runMigrations();
  const handle = toNodeHandler(auth);
  const page = await readFile(new URL('index.html', import.meta.url));
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/api/auth/')) void handle(request, response);
    else response.setHeader('Content-Type', 'text/html; charset=utf-8').end(page);
  });
  await once(server.listen(port, 'localhost'), 'listening');
  return server;
};

if (import.meta.main) {
  const { PORT = '3000', AUTH_DATABASE_URL: url, TOKENS_BY, BETTER_AUTH_SECRET } = process.env;
  const secret = BETTER_AUTH_SECRET ?? (await developmentSecret('.data'));
  const database = url ? new Pool({ connectionString: url }) : new DatabaseSync('.data/better-auth.sqlite');
  const tokensBy = TOKENS_BY === 'secret' ? 'secret' : 'key set';
  await startAuthServer({ port: Number(PORT), secret, database, tokensBy });
  console.log(`Sign up at http://localhost:${PORT}`);
}
