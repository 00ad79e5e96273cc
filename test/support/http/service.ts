import { Agent, type Server } from 'node:http';
import type { Observation } from '../../../src/application/ports/observer.ts';
import { loadConfig } from '../../../src/config/config.ts';
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
  /** Where tasks are kept; memory, unless it is said otherwise. */
  readonly store?: 'memory' | 'PostgreSQL';
  /** Variables of the environment, as `.env` would have them. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Parts in the place of the composed ones. */
  readonly overrides?: Partial<Adapters>;
}

/** A user of the service, with a token. */
export interface User extends Client {
  readonly id: string;
  readonly token: string;
  /** The paths of this user's list, in the first and in the second URL family. */
  readonly lists: { readonly own: string; readonly named: string };
}

/** The whole service as `main.ts` composes it, on a free port of the loopback. */
export interface Service extends AsyncDisposable {
  readonly port: number;
  /** The port of the operations listener. */
  readonly operationsPort: number;
  readonly server: Server;
  readonly url: string;
  /** Where it keeps tasks, if that is PostgreSQL. */
  readonly databaseUrl: string | null;
  /** Everything it has noticed so far. */
  readonly observations: readonly Observation[];
  readonly get: Composition['get'];
  /** A client without a token. */
  readonly anonymous: Client;
  /** A client of the operations listener. */
  readonly operations: Client;
  readonly prepareToStop: () => void;
  /** A user of this name; without one, a user nobody else has. */
  user(id?: string): Promise<User>;
  /** Sends these bytes over a connection of their own. */
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
    await compose(settings(await routeTo(database?.url ?? nowhere), options.environment), {
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
        ...createClient({ port, agent, standing: { authorization: `Bearer ${token}` } }),
        id,
        token,
        lists,
      };
    },
    raw: (bytes, rawOptions) => sendRaw(port, bytes, rawOptions),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

/** Limits are off, since a suite is busier than any user; a test of theirs sets them. */
const calm = { NODE_ENV: 'test', RATE_LIMIT_MAX: '0', CACHE_MAX_OWNERS: '0' };

/** Where a service on memory would look for a database. */
const nowhere = 'postgres://nobody@127.0.0.1:1/nothing';

const settings = (
  { url, preparedStatements }: Route,
  environment: Readonly<Record<string, string>> = {},
) => ({
  ...loadConfig({
    ...calm,
    DATABASE_URL: url,
    DATABASE_PREPARED_STATEMENTS: String(preparedStatements),
    BETTER_AUTH_SECRET: testSecret,
    ...environment,
  }),
  DATABASE_URL: environment['DATABASE_URL'] ?? url,
});
