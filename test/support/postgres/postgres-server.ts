import { startEmbeddedPostgres } from '../../../src/infrastructure/embedded-postgres/embedded-postgres.ts';
import { isDockerAvailable } from '../processes/docker.ts';
import { scratchFolder } from '../processes/scratch-folder.ts';

/** A PostgreSQL server for the tests. Disposing stops it and removes its data. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  /** For the output. */
  readonly kind: string;
}

/**
 * The server that `TEST_DATABASE` selects: `container`, `embedded`, or the URL of a running server. Unset: a container
 * if a Docker engine responds, else the embedded server.
 */
export const startTestServer = async (): Promise<TestServer> => {
  const wanted = process.env['TEST_DATABASE'] ?? '';
  if (/^postgres(ql)?:\/\//.test(wanted)) return givenServer(wanted);
  if (wanted === 'container') return startContainer();
  if (wanted === 'embedded') return startEmbedded();
  if (wanted !== '') throw new Error('TEST_DATABASE must be "container", "embedded" or a postgres:// URL.');
  if (!(await isDockerAvailable())) return startEmbedded();
  return startContainer().catch((error: unknown) => {
    console.log(`The Docker engine cannot start a PostgreSQL container: ${String(error)}`);
    return startEmbedded();
  });
};

const givenServer = (url: string): TestServer => ({
  url,
  kind: 'the server in TEST_DATABASE,',
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

// Loaded on demand: testcontainers takes half a second to load, which would delay unit tests.
const startContainer = async (): Promise<TestServer> =>
  (await import('./postgres-container.ts')).startContainer(fastSettings);

/** Durability off: test data need not survive a crash, and the tests do not wait for the disk. */
const fastSettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
};

const startEmbedded = async (): Promise<TestServer> => {
  await using undo = new AsyncDisposableStack();
  const { folder } = undo.use(await scratchFolder());
  const server = undo.use(await startEmbeddedPostgres(folder, fastSettings));
  const resources = undo.move();
  return { url: server.url, kind: 'embedded', [Symbol.asyncDispose]: () => resources.disposeAsync() };
};
