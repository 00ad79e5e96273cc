import 'reflect-metadata';
import type { Server } from 'node:http';
import { container as root, instanceCachingFactory } from 'tsyringe';
import packageJson from '../../package.json' with { type: 'json' };
import type { Tracer } from '../application/ports/tracer.ts';
import { createTaskRepository } from './adapters/create-task-repository.ts';
import { verifiedTokens } from '../infrastructure/cache/verified-tokens.ts';
import { createTokenVerifier } from '../infrastructure/jose/create-token-verifier.ts';
import { standardLog } from '../infrastructure/observability/json-log.ts';
import { prometheusMetrics } from '../infrastructure/observability/prometheus.ts';
import { createDatabase } from '../infrastructure/postgres/client/database.ts';
import { postgresChangeFeed } from '../infrastructure/postgres/tasks/changes/change-feed.ts';
import { postgresTrash } from '../infrastructure/postgres/tasks/trash/trash.ts';
import { postgresUserStore } from '../infrastructure/postgres/users/user-store.ts';
import { connectRedis, type RedisConnection } from '../infrastructure/redis/connection.ts';
import { requestDeadline } from '../infrastructure/system/request-deadline.ts';
import { systemClockAndIds } from '../infrastructure/system/clock-and-ids.ts';
import { readiness } from '../infrastructure/system/readiness.ts';
import { systemScheduler } from '../infrastructure/system/scheduler.ts';
import { createApp } from '../interfaces/http/app.ts';
import { holdable } from '../interfaces/http/server/hold-requests.ts';
import { requestListener } from '../interfaces/http/server/request-listener.ts';
import { createOperationsApp } from '../interfaces/http/operations/operations-app.ts';
import { allowedOrigins } from '../interfaces/http/middleware/allowed-origin.ts';
import { crossOriginFields } from '../interfaces/http/middleware/cross-origin.ts';
import { securityHeaders } from '../interfaces/http/middleware/security-headers.ts';
import { addressMatcher } from '../interfaces/http/request/address-range.ts';
import { rootOfAnyOrigin } from '../interfaces/http/routing/public-url.ts';
import { createEventStreams } from '../interfaces/http/streams/event-streams.ts';
import { createHttpServer, timeoutsFor } from '../interfaces/http/server/http-server.ts';
import { createDemoToken } from './development/demo-token.ts';
import { createRateLimits } from './adapters/create-rate-limits.ts';
import type { CompleteSettings } from '../config/settings.ts';
import type { Adapters, Factories, Get } from './adapters/adapters.ts';
import { tracedDatabase, tracedUseCases } from './adapters/tracing-decorators.ts';
import { createMcp } from './adapters/create-mcp.ts';
import { createTracer } from './adapters/create-tracer.ts';
import { createUseCases } from '../application/use-cases.ts';

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
        requestsInFlight: () => lifecycle.requestsInFlight - get('eventStreams').open,
        eventStreams: { open: () => get('eventStreams').open, max: settings.eventStreamsMax },
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
    tasks: (get) => createTaskRepository(settings, get('database'), get('observer')),
    trash: (get) => postgresTrash(get('database'), get('observer')),
    users: (get) => postgresUserStore(get('database')),
    changes: (get) => postgresChangeFeed(get('database')),
    health: (get) => get('database'),
    eventStreams: (get) => createEventStreams({ max: settings.eventStreamsMax, observe: get('observer') }),
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
        trash: get('trash'),
        users: get('users'),
        changes: get('changes'),
        clockAndIds: get('clockAndIds'),
        scheduler: systemScheduler(),
        observe: get('observer'),
      });
      return tracer === null ? useCases : tracedUseCases(tracer, useCases);
    },
  };
  for (const [name, factory] of Object.entries({ ...factories, ...constant(overrides) })) {
    container.register(name, { useFactory: instanceCachingFactory(() => factory(get)) });
  }

  const observe = get('observer');
  const { redisUrl } = settings;
  tracer = opened.use(settings.exportsTraces ? await createTracer(packageJson.version, observe) : null);
  redis = redisUrl === undefined ? null : opened.use(await connectRedis(redisUrl, observe));
  const headers = await securityHeaders();
  const health = readiness(get('health'), () => lifecycle.isStopping);
  const proxies = { hops: settings.proxies.hops, isProxy: addressMatcher(settings.proxies.trusted) };
  const isAllowedOrigin = allowedOrigins(settings.allowedOrigins);
  const app = createApp({
    useCases: get('useCases'),
    verifier: get('verifier'),
    limits: get('limits'),
    proxies,
    deadline: get('deadline'),
    health,
    lifecycle,
    eventStreams: get('eventStreams'),
    tracer,
    observe,
    version: packageJson.version,
    publicUrl: settings.publicUrl ?? rootOfAnyOrigin,
    headers,
    demoToken: createDemoToken(settings),
    isAllowedOrigin,
    mounted: settings.mcpEnabled ? await createMcp(packageJson.version, get) : null,
    issuer: settings.tokens.issuerUrl,
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
    observe,
    headers,
  });
  return {
    server: createHttpServer(listener, {
      headers,
      fieldsForOrigin: crossOriginFields(isAllowedOrigin),
      observe,
      maxConnections: settings.maxConnections,
      maxConnectionsPerAddress: settings.maxConnectionsPerAddress,
      isProxy: proxies.isProxy,
      timeouts: timeoutsFor(settings.requestTimeoutMs),
    }),
    operations: createHttpServer(requestListener(operations), {
      headers,
      observe,
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
