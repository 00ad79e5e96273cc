import { Counter, Gauge, type Registry } from '@prometheus-io/client';
import { standardError, standardOutput } from './standard-output.ts';

/** Values that are read when metrics are scraped. */
export interface Gauges {
  readonly version: string;
  readonly requestsInFlight: () => number;
  /** Open streams, and how many may be open. */
  readonly eventStreams: { readonly open: () => number; readonly max: number };
  readonly pool: () => PoolUsage;
  /** Whether Redis replies; null if Redis is not configured. */
  readonly redis: (() => boolean) | null;
}

interface PoolUsage {
  /** Connections at most. */
  readonly max: number;
  readonly used: number;
  readonly idle: number;
  /** Requests that wait for a connection. */
  readonly waiting: number;
}

export const registerGauges = (registry: Registry, gauges: Gauges): void => {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  new Gauge({
    name: 'taskhold_build_info',
    help: 'Version of the service and of Node.js; the value is always 1',
    labelNames: ['version', 'node_version'],
    registers: [registry],
  }).set({ version: gauges.version, node_version: process.version }, 1);
  new Gauge({
    name: 'database_connections',
    help: 'Connections to the database',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      for (const state of ['used', 'idle'] as const) this.set({ state }, gauges.pool()[state]);
    },
  });
  gauge(
    'http_requests_in_flight',
    'Requests whose responses are not sent completely, without event streams',
    gauges.requestsInFlight,
  );
  gauge('event_streams_open', 'Open event streams', gauges.eventStreams.open);
  gauge('event_streams_max', 'Maximum number of open event streams', () => gauges.eventStreams.max);
  gauge('database_connections_max', 'Maximum number of connections to the database', () => gauges.pool().max);
  gauge(
    'database_requests_waiting',
    'Requests that wait for a connection to the database',
    () => gauges.pool().waiting,
  );
  new Counter({
    name: 'taskhold_log_lines_dropped_total',
    help: 'Lines of standard output and standard error that could not be written',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(standardOutput.droppedLines + standardError.droppedLines);
    },
  });
  const { redis } = gauges;
  if (redis !== null) gauge('redis_up', '1 if Redis counts requests, otherwise 0', () => (redis() ? 1 : 0));
};
