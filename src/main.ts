import { once } from 'node:events';
import type { Server } from 'node:http';
import { loadConfig } from './config.ts';
import { compose, type Settings } from './container.ts';
import { developmentToken } from './infrastructure/jose/development-token.ts';
import { readEnvironment, runProgram } from './program.ts';
import { settle } from './settle.ts';

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
  if (settings.NODE_ENV === 'development') await greet(address, settings.BETTER_AUTH_SECRET);

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

/** Without a secret there is no token to give: they come from the issuer alone. */
const greet = async (address: string, secret: string | undefined): Promise<void> => {
  const token = secret === undefined ? 'TOKEN' : await developmentToken('demo', secret, daySeconds);
  const source =
    secret === undefined ? 'for the users of your issuer' : 'for the development user "demo", good for a day';
  process.stdout.write(`
Taskhold is ready.

  API    ${address}
  docs   ${address}/docs
  token  ${token}
         (${source})

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

await runProgram('start', run);
