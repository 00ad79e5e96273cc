import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { createClient } from 'redis';
import { GenericContainer, Wait } from 'testcontainers';
import { isDockerThere } from './docker.ts';
import { until } from '../until.ts';

/** A Redis for the tests; disposing of it leaves nothing behind, of a server of its own. */
export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  /** What it is, for people. */
  readonly kind: string;
}

/**
 * The one that `TEST_REDIS` names by its URL; else one from the `redis-server` program, the machine's, or a container,
 * whichever there is; null where there is none.
 */
export const startTestRedis = async (): Promise<TestRedis | null> => {
  const redis = await find();
  say(redis === null ? 'No Redis for the tests: no redis-server, none on port 6379, no Docker' : redis.kind);
  return redis;
};

const said = new Set<string>();
const say = (text: string): void => {
  if (!said.has(text)) console.log(`Redis for the tests: ${text}`);
  said.add(text);
};

const find = async (): Promise<TestRedis | null> => {
  const named = process.env['TEST_REDIS'] ?? '';
  if (named !== '') return given(named, 'the server in TEST_REDIS');
  const own = await startProgram();
  if (own !== null) return own;
  const usual = 'redis://127.0.0.1:6379';
  if (await answers(usual)) return given(usual, 'the server on port 6379');
  return (await isDockerThere()) ? startContainer() : null;
};

const given = (url: string, kind: string): TestRedis => ({
  url,
  kind,
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

const startProgram = async (): Promise<TestRedis | null> => {
  const port = await freePort();
  const rules = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', rules, { cwd: tmpdir(), stdio: 'ignore' });
  const started = await once(child, 'spawn').then(
    () => true,
    () => false,
  );
  if (!started) return null;
  const url = `redis://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL'); // it keeps nothing
    await once(child, 'exit');
  };
  try {
    await until('redis-server answers', () => answers(url));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, kind: 'redis-server', [Symbol.asyncDispose]: stop };
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
