import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import { ConfigError, configurationExitCode, loadConfig } from './config.ts';
import { compose, type Settings } from './container.ts';
import { developmentToken } from './infrastructure/jose/development-token.ts';
import { settle } from './settle.ts';

/** What is in `.env` fills up what the environment does not say. */
const readEnvironment = (): NodeJS.ProcessEnv => {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
};

/** Runs the service until a signal stops it. */
const run = async (): Promise<void> => {
  const config = loadConfig(readEnvironment());
  const signal = firstSignal();
  await using opened = new AsyncDisposableStack();
  const settings = await settle(config, opened);
  const { server, get } = opened.use(await compose(settings));
  const observe = get('observer');

  const address = await listen(server, settings);
  observe({ type: 'listening', address });
  if (settings.NODE_ENV === 'development') await greet(address, settings);

  observe({ type: 'stopping', signal: await signal });
  await close(server, settings.SHUTDOWN_TIMEOUT_MS);
  observe({ type: 'stopped' });
};

/** Listened for from the first moment on; every further one is taken as the same wish: npm passes them on twice. */
const firstSignal = (): Promise<string> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, resolve);
  });

const listen = async (server: Server, { HOST, PORT }: Settings): Promise<string> => {
  server.listen(PORT, HOST);
  await once(server, 'listening'); // rejects with what kept it from listening
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : PORT;
  return `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${port}`;
};

const daySeconds = 24 * 60 * 60;

const greet = async (address: string, { BETTER_AUTH_SECRET }: Settings): Promise<void> => {
  const token = await developmentToken('demo', BETTER_AUTH_SECRET, daySeconds);
  process.stdout.write(`
Taskhold is ready.

  API    ${address}
  docs   ${address}/docs
  token  ${token}
         (for the development user "demo", good for a day)

Try it:

curl -s ${address}/api/tasks -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' -d '{"title":"Buy milk"}'

Ctrl-C stops it; the tasks stay.
`);
};

/** No new connections; requests under way may finish, until the time is up. */
const close = async (server: Server, milliseconds: number): Promise<void> => {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), milliseconds);
  await closed;
  clearTimeout(timer);
};

try {
  await run();
  process.exitCode = 0;
} catch (error) {
  if (error instanceof ConfigError) {
    process.stderr.write(`Taskhold cannot start with this configuration:\n${bulleted(error.problems)}\n`);
    process.exitCode = configurationExitCode;
  } else {
    process.stderr.write(
      `Taskhold cannot start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = 1;
  }
}

function bulleted(lines: readonly string[]): string {
  return lines.map((line) => `  - ${line}`).join('\n');
}
