import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { z } from 'zod';
import { developmentSecret } from '../../src/bootstrap/development/secret.ts';
import { listen } from '../../src/bootstrap/listen.ts';
import { startService } from '../../src/bootstrap/start-service.ts';
import { refuseArguments } from '../../src/cli/read-arguments.ts';
import { runService, type Run } from '../../src/cli/run-program.ts';
import { ConfigError } from '../../src/config/config-error.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { readEnvironment } from '../../src/config/read-environment.ts';
import type { Settings } from '../../src/config/settings.ts';
import { standardOutput } from '../../src/infrastructure/observability/standard-output.ts';
import { openAuthDatabase } from './auth-database.ts';
import { createSignIn } from './server.ts';

const usage = `usage: npm run example

  Runs Taskhold, a sign-in and a page, until a signal stops them. EXAMPLE_PORT is the port of the page (default: 3000).
  PORT, OPS_PORT, DATA_DIR and the other variables are those of npm start.`;

const start = async ({ opened, end }: Run): Promise<void> => {
  const environment = readEnvironment();
  let listener: RequestListener = (_, response) => response.writeHead(503, { 'Retry-After': '1' }).end();
  const server = createServer((request, response) => listener(request, response));
  // The tokens name the address, so it is taken before Taskhold starts. It is given back after Taskhold has stopped. It is no
  // `localhost`: that name may lead to another program, on the same port of ::1.
  const origin = await listen(server, { host: '127.0.0.1', ...readPort(environment) });
  opened.defer(async () => {
    server.close().closeAllConnections();
    await once(server, 'close');
  });

  const service = await startService({ opened, end }, settingsFor(origin, environment));
  listener = await createSignIn({
    origin,
    taskhold: service.address,
    responseTimeoutMs: service.settings.requestTimeoutMs + 15_000, // also for a slow upload
    secret: await developmentSecret(service.settings.dataDir),
    database: opened.use(await openAuthDatabase(service.settings.database.url)).pool,
    tokensBy: 'key set',
    attemptsPerMinute: 10,
  });
  standardOutput.write(`
Taskhold and its sign-in are ready, for development only. Ctrl-C stops them; users and tasks stay.

Open ${origin}
`);
};

const port = z.coerce.number().int().min(0).max(65_535);

const readPort = ({ EXAMPLE_PORT: text = '' }: NodeJS.ProcessEnv) => {
  const parsed = port.safeParse(text.trim() === '' ? '3000' : text);
  if (!parsed.success) throw new ConfigError(['EXAMPLE_PORT must be a port from 0 to 65535']);
  return { port: parsed.data, variable: 'EXAMPLE_PORT' };
};

/** Taskhold trusts the keys of the sign-in and no secret, and logs no line for each request unless it is asked to. */
const settingsFor = (origin: string, environment: NodeJS.ProcessEnv): Settings => {
  const { LOG_LEVEL = '' } = environment;
  const settings = loadSettings({
    ...environment,
    JWKS_URL: `${origin}/api/auth/jwks`,
    JWT_ISSUER: origin,
    JWT_AUDIENCE: origin,
    JWT_ALGORITHMS: '',
    JWT_USER_ID_CLAIMS: '',
    BETTER_AUTH_SECRET: '',
    LOG_LEVEL: LOG_LEVEL === '' ? 'warn' : LOG_LEVEL,
  });
  if (!settings.tokens.canBeCreated)
    throw new ConfigError(['NODE_ENV is production; the example is for development only']);
  return settings;
};

await runService({ task: 'start the example', usage, read: refuseArguments }, start);
