import 'reflect-metadata';
import type { Server } from 'node:http';
import { container as root, instanceCachingFactory } from 'tsyringe';
import packageJson from '../../package.json' with { type: 'json' };
import type { RequestDeadline } from '../application/ports/request-deadline.ts';
import type { ClockAndIds } from '../application/ports/clock-and-ids.ts';
import type { HealthCheck } from '../application/ports/health-check.ts';
import type { Observer } from '../application/ports/observer.ts';
import type { UserReader } from '../application/ports/user-reader.ts';
import type { RateLimits } from '../application/ports/rate-limiter.ts';
import type { TaskRepository } from '../application/ports/task-repository.ts';
import type { TokenVerifier } from '../application/ports/token-verifier.ts';
import type { Tracer } from '../application/ports/tracer.ts';
import { createTaskRepository } from './create-task-repository.ts';
import { verifiedTokens } from '../infrastructure/cache/verified-tokens.ts';
import { createTokenVerifier } from '../infrastructure/jose/create-token-verifier.ts';
import { standardLog } from '../infrastructure/observability/json-log.ts';
import { prometheusMetrics, type ObservedMetrics } from '../infrastructure/observability/prometheus.ts';
import { createDatabase, type Database } from '../infrastructure/postgres/client/database.ts';
import { postgresUserReader } from '../infrastructure/postgres/users/user-reader.ts';
import { connectRedis, type RedisConnection } from '../infrastructure/redis/connection.ts';
import { requestDeadline } from '../infrastructure/system/request-deadline.ts';
import { systemClockAndIds } from '../infrastructure/system/clock-and-ids.ts';
import { readiness } from '../infrastructure/system/readiness.ts';
import { createApp } from '../interfaces/http/app.ts';
import { holdable } from '../interfaces/http/server/hold-requests.ts';
import { requestListener } from '../interfaces/http/server/request-listener.ts';
import { createOperationsApp } from '../interfaces/http/operations/operations-app.ts';
import { allowedOrigins } from '../interfaces/http/middleware/allowed-origin.ts';
import { securityHeaders } from '../interfaces/http/middleware/security-headers.ts';
import { addressMatcher } from '../interfaces/http/request/address-range.ts';
import { rootOfAnyOrigin } from '../interfaces/http/routing/public-url.ts';
import { createHttpServer, timeoutsFor } from '../interfaces/http/server/http-server.ts';
import { createRateLimits } from './create-rate-limits.ts';
import type { CompleteSettings } from '../config/settings.ts';
import { tracedDatabase, tracedUseCases } from './tracing-decorators.ts';
import { createTracer } from './create-tracer.ts';
import { createUseCases, type UseCases } from '../application/use-cases.ts';

/** All adapters, by name. A test can replace any of them. */
export interface Adapters {
  /** Writes observations to the log. */
  readonly log: Observer;
  readonly metrics: ObservedMetrics;
  readonly observer: Observer;
  readonly clockAndIds: ClockAndIds;
  readonly deadline: RequestDeadline;
  readonly database: Database;
  readonly tasks: TaskRepository;
  readonly users: UserReader;
  readonly health: HealthCheck;
  readonly verifier: TokenVerifier;
  readonly limits: RateLimits;
  readonly useCases: UseCases;
}

type Get = <Name extends keyof Adapters>(name: Name) => Adapters[Name];
type Factories = { readonly [Name in keyof Adapters]: (get: Get) => Adapters[Name] };

export interface Composition extends AsyncDisposable {
  readonly server: Server;
  /** Metrics and health checks for operators and orchestrators, on a port of its own. */
  readonly operations: Server;
  readonly get: Get;
  /** From this call on the service is not ready, and every response closes its connection. */
  readonly prepareToStop: () => void;
  /** Requests of clients whose responses are not sent completely. */
  readonly requestsInFlight: () => number;
  /** Makes new requests of clients wait. Returns a function that releases them. */
  readonly hold: () => () => void;
}

/** Creates the service. Adapters are opened on first use, and disposing closes them in reverse order of opening. */
export const compose = async (
  settings: CompleteSettings,
  overrides: Partial<Adapters> = {},
): Promise<Composition> => {
  const opened = new AsyncDisposableStack();
  const lifecycle = { isStopping: false, isHolding: false, requestsInFlight: 0 };
  let redis: RedisConnection | null = null;
  let tracer: Tracer | null = null;
  const container = root.createChildContainer(); // a new one for each composition, because the factories cache their instances
  const get: Get = (name) => container.resolve(name);

  const factories: Factories = {
    log: () => opened.use(standardLog(settings.logLevel)).observe,
    metrics: (get) =>
      prometheusMetrics({
        version: packageJson.version,
        requestsInFlight: () => lifecycle.requestsInFlight,
        pool: () => get('database').usage(),
        redis: settings.redisUrl === undefined ? null : () => redis?.isReady === true,
      }),
    observer: (get) => {
      const [log, count] = [get('log'), get('metrics').observe];
      return (observation) => {
        log(observation);
        count(observation);
      };
    },
    clockAndIds: () => systemClockAndIds,
    deadline: () => requestDeadline(settings.requestTimeoutMs),
    database: (get) => {
      const database = opened.use(createDatabase(settings.database, get('observer'), get('deadline')));
      return tracer === null ? database : tracedDatabase(tracer, database);
    },
    tasks: (get) => createTaskRepository(settings.cacheMaxUsers, get('database'), get('observer')),
    users: (get) => postgresUserReader(get('database')),
    health: (get) => get('database'),
    limits: () => createRateLimits(settings.rateLimits, redis),
    verifier: (get) => {
      const observe = get('observer');
      const keysNotFetched = (error: unknown) => observe({ type: 'keys_not_fetched', error });
      const verifier = createTokenVerifier({ ...settings.tokens, keysNotFetched });
      const max = settings.tokens.cacheMax;
      return max === 0 ? verifier : verifiedTokens(verifier, { max });
    },
    useCases: (get) => {
      const useCases = createUseCases({
        tasks: get('tasks'),
        users: get('users'),
        clockAndIds: get('clockAndIds'),
      });
      return tracer === null ? useCases : tracedUseCases(tracer, useCases);
    },
  };
  for (const [name, factory] of Object.entries({ ...factories, ...constant(overrides) })) {
    container.register(name, { useFactory: instanceCachingFactory(() => factory(get)) });
  }

  tracer = opened.use(
    settings.exportsTraces ? await createTracer(packageJson.version, get('observer')) : null,
  );
  redis =
    settings.redisUrl === undefined
      ? null
      : opened.use(await connectRedis(settings.redisUrl, get('observer')));
  const headers = await securityHeaders();
  const health = readiness(get('health'), () => lifecycle.isStopping);
  const proxies = { hops: settings.proxies.hops, isProxy: addressMatcher(settings.proxies.trusted) };
  const app = createApp({
    useCases: get('useCases'),
    verifier: get('verifier'),
    limits: get('limits'),
    proxies,
    deadline: get('deadline'),
    health,
    lifecycle,
    tracer,
    observe: get('observer'),
    version: packageJson.version,
    publicUrl: settings.publicUrl ?? rootOfAnyOrigin,
    headers,
    isAllowedOrigin: allowedOrigins(settings.allowedOrigins),
  });
  const { listener, hold } = holdable(requestListener(app), lifecycle);
  const operations = createOperationsApp({
    health,
    metrics: get('metrics'),
    lifecycle: {
      isHolding: false,
      requestsInFlight: 0, // of its own: a scrape does not count itself
      get isStopping() {
        return lifecycle.isStopping;
      },
    },
    observe: get('observer'),
    headers,
  });
  return {
    server: createHttpServer(listener, {
      headers,
      observe: get('observer'),
      maxConnections: settings.maxConnections,
      maxConnectionsPerAddress: settings.maxConnectionsPerAddress,
      isProxy: proxies.isProxy,
      timeouts: timeoutsFor(settings.requestTimeoutMs),
    }),
    operations: createHttpServer(requestListener(operations), {
      headers,
      observe: get('observer'),
      maxConnections: 100,
    }),
    get,
    requestsInFlight: () => lifecycle.requestsInFlight,
    hold,
    prepareToStop: () => {
      lifecycle.isStopping = true;
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
};

const constant = (overrides: Partial<Adapters>) =>
  Object.fromEntries(Object.entries(overrides).map(([name, adapter]) => [name, () => adapter]));
