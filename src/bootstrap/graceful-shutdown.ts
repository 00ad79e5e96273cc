import { setTimeout as pause } from 'node:timers/promises';
import type { Settings } from '../config/settings.ts';
import type { Composition } from './container.ts';
import { drain } from './drain.ts';
import { Interrupted, type ProcessEnd } from './process-end.ts';

/** The share of the time limit that requests get to finish. The rest is for connections to the database and to Redis. */
const shareForRequests = 0.8;

/**
 * On SIGTERM, SIGINT and SIGQUIT, and after an unexpected error, the service stops in this order:
 * 1. It is not ready: `/health/ready` is 503, and responses close their connections. Load balancers have `delayMs` to notice.
 * 2. Event streams end, and the API listener closes. Requests in flight are answered; idle connections are closed.
 * 3. The operations listener closes, within what is left of the same time limit.
 * The resources that were opened before the service (database, Redis, embedded PostgreSQL) are closed after that by `opened`.
 * `process-end.ts` receives the signals, and ends the process at the latest after `timeoutMs`.
 */
export const shutDownGracefully = (
  { opened, end }: { readonly opened: AsyncDisposableStack; readonly end: Pick<ProcessEnd, 'signal'> },
  service: Composition,
  { timeoutMs, delayMs }: Settings['shutdown'],
): void => {
  const observe = service.get('observer');
  opened.defer(async () => {
    const wasStarted = service.operations.listening;
    if (wasStarted) {
      const reason: unknown = end.signal.reason;
      observe({ type: 'stopping', signal: reason instanceof Interrupted ? reason.signal : 'failure' });
      service.prepareToStop();
      if (delayMs > 0) await pause(delayMs);
    }
    const drainedBy = performance.now() + (timeoutMs - delayMs) * shareForRequests;
    service.get('eventStreams').end();
    await drain(service.server, drainedBy - performance.now(), service);
    await drain(service.operations, Math.max(0, drainedBy - performance.now()));
    if (wasStarted) observe({ type: 'stopped' });
  });
};
