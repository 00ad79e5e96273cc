import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { Wait } from 'testcontainers';
import { startEmbeddedPostgres } from '../../src/infrastructure/postgres/embedded.ts';
import { isDockerThere } from './docker.ts';

/** A PostgreSQL server for the tests; disposing of it leaves nothing of it behind. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  /** What it is, for people. */
  readonly kind: string;
}

/**
 * The server that `TEST_DATABASE` names: `container`, `embedded`, or the URL of one that is already there. Unset: a
 * container where a Docker engine answers, else the embedded one.
 */
export const startTestServer = async (): Promise<TestServer> => {
  const wanted = process.env['TEST_DATABASE'] ?? '';
  if (/^postgres(ql)?:\/\//.test(wanted)) return givenServer(wanted);
  if (wanted === 'container') return startContainer();
  if (wanted === 'embedded') return startEmbedded();
  if (wanted !== '')
    throw new Error('TEST_DATABASE is neither "container" nor "embedded" nor a postgres:// URL.');
  if (!(await isDockerThere())) return startEmbedded();
  return startContainer().catch((error: unknown) => {
    console.log(`A Docker engine answers, but gives no PostgreSQL container: ${String(error)}`);
    return startEmbedded();
  });
};

const givenServer = (url: string): TestServer => ({
  url,
  kind: 'the server in TEST_DATABASE,',
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

/** Nobody misses these data after a crash, and the tests are quicker without waiting for a disk. */
const careless = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };

const startEmbedded = async (): Promise<TestServer> => {
  await using undo = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'taskhold-test-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  const server = undo.use(await startEmbeddedPostgres(folder, careless));
  const resources = undo.move();
  return { url: server.url, kind: 'embedded', [Symbol.asyncDispose]: () => resources.disposeAsync() };
};

const startContainer = async (): Promise<TestServer> => {
  const container = await new PostgreSqlContainer('postgres:18-alpine')
    .withUsername('test')
    .withTmpFs({ '/var/lib/postgresql': 'rw' })
    .withCommand([
      'postgres',
      ...Object.entries(careless).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ])
    // The module's own health check runs every quarter of a second for ever, and costs a fifth of a core.
    .withHealthCheck({ test: ['CMD', 'true'], interval: 3_600_000, timeout: 1_000, retries: 1 })
    .withWaitStrategy(Wait.forSuccessfulCommand('pg_isready --host localhost --username test'))
    .start();
  return {
    url: container.getConnectionUri(),
    kind: 'container',
    [Symbol.asyncDispose]: async () => {
      await container.stop();
    },
  };
};
