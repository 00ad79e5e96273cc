import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchFolder } from '../processes/scratch-folder.ts';
import { testSecret } from '../tokens/tokens.ts';
import { until } from '../until.ts';
import { docker, startContainer, type Container } from './docker-command.ts';

/** The image under test. */
export const image = process.env['TEST_IMAGE'] ?? 'taskhold';

/** What the image is run with in production: nothing can be written, and no right is left. */
const hardened = ['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];

/** The service refuses to be a superuser in production. */
const createRole = [
  'CREATE ROLE taskhold LOGIN PASSWORD $$of-the-test$$',
  'CREATE DATABASE taskhold OWNER taskhold',
];
const databaseUrl = 'postgres://taskhold:of-the-test@database:5432/taskhold';

type Environment = Readonly<Record<string, string>>;

/** A network with PostgreSQL, and the secrets of the service in files. */
export interface Site extends AsyncDisposable {
  /** Runs a program of the image, such as `src/cli/migrate.ts`; without arguments the service. */
  start(environment?: Environment, options?: readonly string[], args?: readonly string[]): Promise<Container>;
}

export const startSite = async (): Promise<Site> => {
  await using undo = new AsyncDisposableStack();
  const { folder } = undo.use(await scratchFolder());
  const secrets = { database_url: databaseUrl, better_auth_secret: testSecret };
  for (const [name, value] of Object.entries(secrets)) await writeFile(join(folder, name), `${value}\n`);
  await chmod(folder, 0o755); // the user of the image is another one
  const network = `taskhold-test-${process.pid}-${Math.random().toString(36).slice(2)}`;
  await docker('network', 'create', '--label', 'org.testcontainers=true', network);
  undo.defer(async () => {
    await docker('network', 'rm', network);
  });
  const database = undo.use(
    await startContainer(
      ...['--network', network, '--network-alias', 'database', '--tmpfs', '/var/lib/postgresql'],
      ...['--env', 'POSTGRES_PASSWORD=of-the-test', 'postgres:18-alpine'],
    ),
  );
  const isReady = () =>
    docker('exec', database.id, 'pg_isready', '--host', 'localhost').then(
      () => true,
      () => false,
    );
  await until('PostgreSQL is ready', isReady, 60_000);
  const commands = createRole.flatMap((sql) => ['--command', sql]);
  await docker('exec', database.id, 'psql', '--username', 'postgres', ...commands);
  const resources = undo.move();
  return {
    start: (environment = {}, options = [], args = []) =>
      startContainer(
        ...['--network', network, ...hardened, '--volume', `${folder}:/run/secrets:ro`],
        ...environmentOptions({
          DATABASE_URL_FILE: '/run/secrets/database_url',
          BETTER_AUTH_SECRET_FILE: '/run/secrets/better_auth_secret',
          ...environment,
        }),
        ...options,
        image,
        ...args,
      ),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

const environmentOptions = (environment: Environment): readonly string[] =>
  Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]);

/** Runs a program of the image to its end. */
export const runToEnd = async (
  site: Site,
  args: readonly string[],
  environment?: Environment,
): Promise<{ readonly code: number; readonly output: string }> => {
  await using container = await site.start(environment, [], args);
  return { code: await container.exitCode(), output: await container.logs() };
};

/** Starts the service with its listeners published on loopback; waits until it is ready. */
export const startImageService = async (
  site: Site,
  environment: Environment = {},
  options: readonly string[] = [],
): Promise<Container & { readonly port: number; readonly operationsPort: number }> => {
  const publish = ['--publish', '127.0.0.1::8000', '--publish', '127.0.0.1::9464'];
  const container = await site.start(environment, [...publish, ...options]);
  try {
    const port = await container.publishedPort(8000);
    const operationsPort = await container.publishedPort(9464);
    await until('the service is ready', () => isReady(operationsPort));
    return { ...container, port, operationsPort };
  } catch (error) {
    const output = await container.logs();
    await container[Symbol.asyncDispose]();
    throw new Error(output, { cause: error });
  }
};

const isReady = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
