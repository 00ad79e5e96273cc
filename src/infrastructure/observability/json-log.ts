import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { pino, type DestinationStream, type Level } from 'pino';
import type { Observation, Observer } from '../../application/ports/observer.ts';
import { gathered } from './gathered-lines.ts';
import { loggableError } from './loggable-error.ts';
import { standardOutput } from './standard-output.ts';
import { summarizeRepeats } from './summarize-repeats.ts';

/** How long the end of the service waits for a reader that takes no byte of the log, in milliseconds. */
const flushTimeoutMs = 500;

/** A log to the standard output that never blocks. Disposing writes what the reader takes, and drops the rest. */
export const standardLog = (level: Level | 'silent'): { observe: Observer } & AsyncDisposable => {
  const lines = gathered((text) => standardOutput.write(text));
  const summarized = summarizeRepeats(jsonLog(level, lines));
  return {
    observe: summarized.observe,
    [Symbol.asyncDispose]: () => {
      summarized[Symbol.dispose]();
      lines[Symbol.dispose]();
      return standardOutput.flush(flushTimeoutMs);
    },
  };
};

/** One JSON line for each observation that is not only counted; no bodies, tokens, titles, paths or user ids. */
export const jsonLog = (level: Level | 'silent', destination: DestinationStream): Observer => {
  const log = pino(
    {
      level,
      base: null,
      timestamp: isoTime(),
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return (observation) => {
    // Too frequent for the log; the metrics count them.
    if (observation.type === 'cache' || observation.type === 'connection_dropped') return;
    if (observation.type === 'rows_purged') return;
    if (observation.type === 'request') {
      log.info(requestLine(observation), observation.type);
      return;
    }
    const { type, ...details } = observation;
    const safe = 'error' in details ? { ...details, error: loggableError(details.error) } : details;
    log[levelOf(observation)](safe, type);
  };
};

/** The same as pino's `isoTime`, but the text is computed once per millisecond. */
const isoTime = () => {
  let cached = { at: 0, text: '' };
  return (): string => {
    const at = Date.now();
    if (cached.at !== at) cached = { at, text: `,"time":"${new Date(at).toISOString()}"` };
    return cached.text;
  };
};

/** Requests that take longer than this are marked as `slow`, in milliseconds. */
const slowMs = 200;

const requestLine = (request: Extract<Observation, { type: 'request' }>) => ({
  requestId: request.requestId,
  method: request.method,
  route: request.route,
  status: request.status,
  milliseconds: Math.round(request.milliseconds * 100) / 100,
  bytes: request.bytes,
  user: request.user === null ? null : userHash(request.user),
  ...(request.isReplay ? { replayed: true } : {}),
  ...(request.milliseconds > slowMs ? { slow: true } : {}),
});

const hashes = new LRUCache<string, string>({ max: 10_000 });

/** A hash of the user id, so that the log shows which requests are of the same user without showing the id. */
const userHash = (id: string): string => {
  const known = hashes.get(id);
  if (known !== undefined) return known;
  const made = hash('sha256', id).slice(0, 16);
  hashes.set(id, made);
  return made;
};

/** `error` is for bugs, `warn` for temporary failures such as an overload. */
const levelOf = (
  observation: Exclude<Observation, { type: 'cache' | 'connection_dropped' | 'request' | 'rows_purged' }>,
): Level => {
  switch (observation.type) {
    case 'failure':
      return observation.code === 'internal_error' ? 'error' : 'warn';
    case 'database_error':
    case 'embedded_postgres_lost':
    case 'redis_lost':
    case 'repeated':
    case 'traces_lost':
    case 'token_verifier_unavailable':
    case 'keys_not_fetched':
    case 'maintenance_failed':
      return 'warn';
    case 'request_rejected':
    case 'token_refused':
    case 'rate_limited':
    case 'stream_ended':
    case 'embedded_postgres_recovered':
    case 'redis_recovered':
    case 'listening':
    case 'stopping':
    case 'stopped':
      return 'info';
  }
};
