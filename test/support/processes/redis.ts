import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createClient } from 'redis';
import { GenericContainer, Wait } from 'testcontainers';
import type { Observation } from '../../../src/application/ports/observer.ts';
import { isDockerAvailable } from './docker.ts';
import { scratchFolder } from './scratch-folder.ts';
import { until } from '../until.ts';

/** A Redis server for the tests. Disposing stops it if the tests started it. */
export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  /** For the output. */
  readonly kind: string;
}

/** When Redis began and stopped to be lost: without the further failures of a loss. */
export const transitionsOf = (observations: readonly Observation[]): readonly string[] =>
  observations.filter((one) => one.type !== 'redis_lost' || one.isFirst).map(({ type }) => type);

/**
 * The first of these that is available: the URL in `TEST_REDIS`, the program `redis-server`, a server on port 6379, a
 * container. Null if there is none.
 */
export const startTestRedis = async (): Promise<TestRedis | null> => {
  const redis = await find();
  printOnce(redis === null ? 'none (no redis-server, no server on port 6379, no Docker)' : redis.kind);
  return redis;
};

const printed = new Set<string>();
const printOnce = (text: string): void => {
  if (!printed.has(text)) console.log(`Redis for the tests: ${text}`);
  printed.add(text);
};

const find = async (): Promise<TestRedis | null> => {
  const named = process.env['TEST_REDIS'] ?? '';
  if (named !== '') return given(named, 'the server in TEST_REDIS');
  const own = await startProgram();
  if (own !== null) return own;
  const usual = 'redis://127.0.0.1:6379';
  if (await answers(usual)) return given(usual, 'the server on port 6379');
  return (await isDockerAvailable()) ? startContainer() : null;
};

const given = (url: string, kind: string): TestRedis => ({
  url,
  kind,
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

const startProgram = async (): Promise<TestRedis | null> => {
  await using undo = new AsyncDisposableStack();
  const { folder } = undo.use(await scratchFolder());
  const port = await freePort();
  const rules = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', rules, { cwd: folder, stdio: 'ignore' });
  const started = await once(child, 'spawn').then(
    () => true,
    () => false,
  );
  if (!started) return null;
  const url = `redis://127.0.0.1:${port}`;
  undo.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL'); // it stores no data
    await once(child, 'exit');
  });
  await until('redis-server answers', () => answers(url));
  const resources = undo.move();
  return { url, kind: 'redis-server', [Symbol.asyncDispose]: () => resources.disposeAsync() };
};

const startContainer = async (): Promise<TestRedis> => {
  const container = await new GenericContainer('redis:8-alpine')
    .withExposedPorts(6379)
    .withWaitStrategy(Wait.forLogMessage('Ready to accept connections'))
    .start();
  return {
    url: `redis://${container.getHost()}:${container.getMappedPort(6379)}`,
    kind: 'container',
    [Symbol.asyncDispose]: async () => {
      await container.stop();
    },
  };
};

const answers = async (url: string): Promise<boolean> => {
  const client = createClient({ url, socket: { connectTimeout: 500, reconnectStrategy: false } });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.destroy();
  }
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port was bound');
  return address.port;
};
