import { Agent, type Server } from 'node:http';
import type { Observation } from '../../../src/application/ports/observer.ts';
import { loadSettings } from '../../../src/config/load-settings.ts';
import type { CompleteSettings } from '../../../src/config/settings.ts';
import type { Adapters } from '../../../src/bootstrap/adapters/adapters.ts';
import { compose, type Composition } from '../../../src/bootstrap/container.ts';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { createClient, type Client } from './http-client.ts';
import { listening } from './listening.ts';
import { freshDatabase } from '../postgres/postgres.ts';
import { collectStatements } from '../postgres/partitioned/collected-statements.ts';
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

/** A service that listens on loopback, as its clients see it. */
export interface ReachableService extends AsyncDisposable {
  readonly port: number;
  /** The port of the operations listener. */
  readonly operationsPort: number;
  readonly url: string;
  /** A client without a token. */
  readonly anonymous: Client;
  /** A client of the operations listener. */
  readonly operations: Client;
  /** A user with this id. Default: a new id. */
  readonly user: (id?: string) => Promise<User>;
  /** Sends these bytes over a new connection. */
  readonly raw: (bytes: string | Uint8Array, options?: RawOptions) => Promise<Received>;
}

/** The complete service as `main.ts` composes it, on a free loopback port. */
export interface Service extends ReachableService {
  readonly server: Server;
  /** The database of the service; null if tasks are stored in memory. */
  readonly databaseUrl: string | null;
  /** All observations so far. */
  readonly observations: readonly Observation[];
  readonly get: Composition['get'];
  readonly prepareToStop: () => void;
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
    trash: store.trash,
    users: store,
    changes: store,
    health: { isReady: () => Promise.resolve(true), problem: () => null },
  };
  const { server, operations, get, prepareToStop } = undo.use(
    await compose(settings(await routeTo(database?.url ?? unreachableDatabase), options.environment), {
      log,
      ...(database === null ? inMemory : {}),
      ...options.overrides,
    }),
  );
  if (database !== null) collectStatements(get('database'));
  const port = await listening(server, undo);
  const operationsPort = await listening(operations, undo);
  const reachable = undo.use(connectTo(port, operationsPort));
  const resources = undo.move();
  return {
    ...reachable,
    server,
    databaseUrl: database?.url ?? null,
    observations,
    get,
    prepareToStop,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

/** The service that listens on these loopback ports, with {@link testSecret}. Disposing closes the connections of its clients. */
export const connectTo = (port: number, operationsPort: number): ReachableService => {
  const agent = new Agent({ keepAlive: true });
  return {
    port,
    operationsPort,
    url: `http://127.0.0.1:${port}`,
    anonymous: createClient({ port, agent }),
    operations: createClient({ port: operationsPort, agent, isDocumented: false }),
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
    [Symbol.asyncDispose]: () => {
      agent.destroy();
      return Promise.resolve();
    },
  };
};

/** Rate limits are off, because suites send more requests than the limits allow. Tests of the limits set them. */
const testDefaults = { NODE_ENV: 'test', RATE_LIMIT_MAX: '0', CACHE_MAX_OWNERS: '0' };

/** `DATABASE_URL` of a service that stores tasks in memory. */
const unreachableDatabase = 'postgres://nobody@127.0.0.1:1/nothing';

const settings = (
  { url, preparedStatements, batching }: Route,
  environment: Readonly<Record<string, string>> = {},
): CompleteSettings => {
  const loaded = loadSettings({
    ...testDefaults,
    DATABASE_URL: url,
    DATABASE_PREPARED_STATEMENTS: String(preparedStatements),
    DATABASE_BATCHING: String(batching),
    BETTER_AUTH_SECRET: testSecret,
    ...environment,
  });
  const { tokens, database } = loaded;
  const secret = tokens.secret ?? (tokens.keySetUrl === undefined ? testSecret : undefined);
  return {
    ...loaded,
    tokens: { ...tokens, secret },
    database: { ...database, url: database.url ?? url },
  };
};
