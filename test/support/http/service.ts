import { Agent, type Server } from 'node:http';
import type { Observation } from '../../../src/application/ports/observer.ts';
import { loadSettings } from '../../../src/config/load-settings.ts';
import type { CompleteSettings } from '../../../src/config/settings.ts';
import { compose, type Composition, type Adapters } from '../../../src/bootstrap/container.ts';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { createClient, type Client } from './http-client.ts';
import { listening } from './listening.ts';
import { freshDatabase } from '../postgres/postgres.ts';
import { routeTo, type Route } from '../postgres/route.ts';
import { sendRaw, type RawOptions, type Received } from './raw-http.ts';
import { userId } from '../tasks/tasks.ts';
import { testSecret, tokenFor } from '../tokens/tokens.ts';

export interface ServiceOptions {
  /** Where tasks are stored. Default: memory. */
  readonly store?: 'memory' | 'PostgreSQL';
  /** Environment variables, as in `.env`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Adapters that replace those of the container. */
  readonly overrides?: Partial<Adapters>;
}

/** A user of the service, with a token. */
export interface User extends Client {
  readonly id: string;
  readonly token: string;
  /** The paths of this user's list: `/api/tasks` (own) and `/api/{user_id}/tasks` (named). */
  readonly lists: { readonly own: string; readonly named: string };
}

/** The complete service as `main.ts` composes it, on a free loopback port. */
export interface Service extends AsyncDisposable {
  readonly port: number;
  /** The port of the operations listener. */
  readonly operationsPort: number;
  readonly server: Server;
  readonly url: string;
  /** The database of the service; null if tasks are stored in memory. */
  readonly databaseUrl: string | null;
  /** All observations so far. */
  readonly observations: readonly Observation[];
  readonly get: Composition['get'];
  /** A client without a token. */
  readonly anonymous: Client;
  /** A client of the operations listener. */
  readonly operations: Client;
  readonly prepareToStop: () => void;
  /** A user with this id. Default: a new id. */
  user(id?: string): Promise<User>;
  /** Sends these bytes over a new connection. */
  raw(bytes: string | Uint8Array, options?: RawOptions): Promise<Received>;
}

export const startService = async (options: ServiceOptions = {}): Promise<Service> => {
  await using undo = new AsyncDisposableStack();
  const observations: Observation[] = [];
  const database = options.store === 'PostgreSQL' ? await freshDatabase() : null;
  if (database !== null) undo.defer(database.drop);

  const log = (observation: Observation): void => void observations.push(observation);
  const store = memoryTaskRepository();
  const inMemory: Partial<Adapters> = {
    tasks: store,
    users: store,
    health: { isReady: () => Promise.resolve(true) },
  };
  const { server, operations, get, prepareToStop } = undo.use(
    await compose(settings(await routeTo(database?.url ?? unreachableDatabase), options.environment), {
      log,
      ...(database === null ? inMemory : {}),
      ...options.overrides,
    }),
  );
  const port = await listening(server, undo);
  const operationsPort = await listening(operations, undo);
  const agent = new Agent({ keepAlive: true });
  undo.defer(() => agent.destroy());
  const resources = undo.move();
  return {
    port,
    operationsPort,
    server,
    url: `http://127.0.0.1:${port}`,
    databaseUrl: database?.url ?? null,
    observations,
    get,
    anonymous: createClient({ port, agent }),
    operations: createClient({ port: operationsPort, agent, isDocumented: false }),
    prepareToStop,
    user: async (id = userId()) => {
      const token = await tokenFor(id);
      const lists = { own: '/api/tasks', named: `/api/${encodeURIComponent(id)}/tasks` };
      return {
        ...createClient({ port, agent, defaultHeaders: { authorization: `Bearer ${token}` } }),
        id,
        token,
        lists,
      };
    },
    raw: (bytes, rawOptions) => sendRaw(port, bytes, rawOptions),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

/** Rate limits are off, because suites send more requests than the limits allow. Tests of the limits set them. */
const testDefaults = { NODE_ENV: 'test', RATE_LIMIT_MAX: '0', CACHE_MAX_OWNERS: '0' };

/** `DATABASE_URL` of a service that stores tasks in memory. */
const unreachableDatabase = 'postgres://nobody@127.0.0.1:1/nothing';

const settings = (
  { url, preparedStatements }: Route,
  environment: Readonly<Record<string, string>> = {},
): CompleteSettings => {
  const loaded = loadSettings({
    ...testDefaults,
    DATABASE_URL: url,
    DATABASE_PREPARED_STATEMENTS: String(preparedStatements),
    BETTER_AUTH_SECRET: testSecret,
    ...environment,
  });
  return { ...loaded, database: { ...loaded.database, url: loaded.database.url ?? url } };
};
