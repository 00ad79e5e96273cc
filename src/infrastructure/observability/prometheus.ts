import { collectDefaultMetrics, Counter, Histogram, Registry } from '@prometheus-io/client';
import {
  databaseErrorReasons,
  purgeReasons,
  streamEnds,
  type Observation,
  type Observer,
} from '../../application/ports/observer.ts';
import { registerGauges, type Gauges } from './gauges.ts';

export interface ObservedMetrics {
  /** Counts an observation. */
  readonly observe: Observer;
  /** Returns all current metrics in the Prometheus text format. */
  exposition(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Creates the metrics of one service. Labels are route templates and fixed words, never ids or users. */
export const prometheusMetrics = (gauges: Gauges): ObservedMetrics => {
  const registry = new Registry();
  const counters = createCounters(registry);
  registerGauges(registry, gauges);
  // Process metrics cost CPU time continuously, so collection begins with the first scrape.
  let isCollecting = false;
  return {
    observe: counters,
    exposition: async () => {
      if (!isCollecting) collectDefaultMetrics({ register: registry });
      isCollecting = true;
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
};

/** Seconds. The target for most responses is below 0.2 s. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10];

/** Other methods share the label `other`: clients can send any method, and each label value is a time series. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

const createCounters = (registry: Registry): Observer => {
  const registers = [registry];
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to the end of its response',
    labelNames: ['method', 'route', 'status'],
    buckets,
    registers,
  });
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const tokens = counter('token_verifications_total', 'Tokens checked', ['outcome']);
  const replayed = counter(
    'http_requests_replayed_total',
    'Requests answered with the kept answer of an earlier request with the same Idempotency-Key',
  );
  const limited = counter('rate_limited_requests_total', 'Requests answered 429', ['scope']);
  const ended = counter('event_streams_ended_total', 'Event streams that have ended', ['reason']);
  const cached = counter('cache_reads_total', 'Reads of lists by use of the cache', ['outcome']);
  const keys = counter('key_set_failures_total', 'Failed fetches of the keys of the issuer');
  const database = counter(
    'database_errors_total',
    'Statements that failed because the database was not available',
    ['reason'],
  );
  const redis = counter(
    'redis_losses_total',
    'Times that Redis stopped counting requests: lost, timed out, or refusing',
  );
  const maintenance = counter('list_maintenance_failures_total', 'Failed turns of the background work');
  const purged = counter('purged_rows_total', 'Tasks and tombstones deleted for good', ['reason']);
  const failures = counter(
    'http_failures_total',
    'Responses of 5xx, or cut on the way because of a failure',
    ['code'],
  );
  const rejected = counter(
    'http_requests_rejected_total',
    'Requests that were malformed or incomplete HTTP',
    ['status'],
  );
  const dropped = counter('http_connections_dropped_total', 'Connections dropped because of a limit', [
    'reason',
  ]);
  for (const reason of ['limit', 'address', 'idle']) dropped.inc({ reason }, 0);
  for (const outcome of ['verified', 'refused', 'unavailable']) tokens.inc({ outcome }, 0);
  for (const reason of databaseErrorReasons) database.inc({ reason }, 0);
  for (const reason of purgeReasons) purged.inc({ reason }, 0);
  for (const reason of streamEnds) ended.inc({ reason }, 0);
  for (const scope of ['user', 'address', 'streams']) limited.inc({ scope }, 0);
  for (const outcome of ['hit', 'miss', 'passed']) cached.inc({ outcome }, 0);
  for (const code of ['internal_error', 'outcome_unknown', 'overloaded', 'timeout', 'unavailable'])
    failures.inc({ code }, 0);

  // Counters of every request are looked up by their labels only once.
  const verified = tokens.labels({ outcome: 'verified' });
  const reads = {
    hit: cached.labels({ outcome: 'hit' }),
    miss: cached.labels({ outcome: 'miss' }),
    passed: cached.labels({ outcome: 'passed' }),
  };
  const known = new Map<string, Histogram.Internal<'method' | 'route' | 'status'>>();
  const duration = (method: string, route: string, status: number) => {
    const name = `${method} ${route} ${status}`;
    const found = known.get(name) ?? durations.labels({ method, route, status });
    known.set(name, found);
    return found;
  };

  return (observation: Observation) => {
    switch (observation.type) {
      case 'request': {
        const { route, status, milliseconds, user } = observation;
        const method = methods.has(observation.method) ? observation.method : 'other';
        duration(method, route, status).observe(milliseconds / 1000);
        if (user !== null) verified.inc();
        if (observation.isReplay) replayed.inc();
        return;
      }
      case 'request_rejected':
        rejected.inc({ status: observation.status });
        return;
      case 'connection_dropped':
        dropped.inc({ reason: observation.reason });
        return;
      case 'token_refused':
        tokens.inc({ outcome: 'refused' });
        return;
      case 'token_verifier_unavailable':
        tokens.inc({ outcome: 'unavailable' });
        return;
      case 'rate_limited':
        limited.inc({ scope: observation.scope });
        return;
      case 'stream_ended':
        ended.inc({ reason: observation.reason });
        return;
      case 'cache':
        reads[observation.outcome].inc();
        return;
      case 'keys_not_fetched':
        keys.inc();
        return;
      case 'database_error':
        database.inc({ reason: observation.reason });
        return;
      case 'redis_lost':
        if (observation.isFirst) redis.inc();
        return;
      case 'failure':
        failures.inc({ code: observation.code });
        return;
      case 'rows_purged':
        purged.inc({ reason: observation.reason }, observation.count);
        return;
      case 'maintenance_failed':
        maintenance.inc();
        return;
      case 'embedded_postgres_lost':
      case 'embedded_postgres_recovered':
      case 'redis_recovered':
      case 'repeated':
      case 'traces_lost':
      case 'listening':
      case 'stopping':
      case 'stopped':
        return;
    }
  };
};
