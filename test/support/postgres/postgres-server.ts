import { startEmbeddedPostgres } from '../../../src/infrastructure/embedded-postgres/embedded-postgres.ts';
import { isDockerThere } from '../processes/docker.ts';
import { scratchFolder } from '../processes/scratch-folder.ts';

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

// Loaded when needed: testcontainers takes half a second to load, which a run of unit tests need not wait for.
const startContainer = async (): Promise<TestServer> =>
  (await import('./postgres-container.ts')).startContainer(careless);

/** Nobody misses these data after a crash, and the tests are quicker without waiting for a disk. */
const careless = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };

const startEmbedded = async (): Promise<TestServer> => {
  await using undo = new AsyncDisposableStack();
  const { folder } = undo.use(await scratchFolder());
  const server = undo.use(await startEmbeddedPostgres(folder, careless));
  const resources = undo.move();
  return { url: server.url, kind: 'embedded', [Symbol.asyncDispose]: () => resources.disposeAsync() };
};
