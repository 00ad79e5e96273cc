import { once } from 'node:events';
import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';

/**
 * Resolves with the first of SIGINT (Ctrl-C), SIGTERM (an orchestrator) and SIGHUP (a closed terminal). Further signals
 * change nothing: npm sends each one twice.
 */
export const firstSignal = (): Promise<string> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve);
  });

/** How long an idle connection stays open for a request that may be on its way, in milliseconds. */
const idleMilliseconds = 1_000;

/**
 * Accepts no new connections, and closes open ones after their last response or when they are idle. Requests that still
 * arrive are answered. After `milliseconds` every connection is closed. Node regards a connection as idle when its response
 * is ended, even if a slow client is still receiving it; so no idle connection is closed while `isBusy` returns true.
 */
export const drain = async (
  server: Server,
  milliseconds: number,
  isBusy: () => boolean = () => false,
): Promise<void> => {
  if (!server.listening) return;
  const closed = once(server, 'close');
  // `close` of node:http would close idle connections immediately. A request that is on its way would get no response.
  NetServer.prototype.close.call(server);
  const idleUntil = performance.now() + Math.min(idleMilliseconds, milliseconds / 2);
  const sweep = setInterval(() => {
    if (performance.now() > idleUntil && !isBusy()) server.closeIdleConnections();
  }, 20);
  const timeout = setTimeout(() => server.closeAllConnections(), milliseconds);
  await closed;
  clearInterval(sweep);
  clearTimeout(timeout);
};

/** Ends the process after this time, even if something does not close: all acknowledged data is already stored. */
export const exitWithin = (milliseconds: number): void => {
  setTimeout(() => process.exit(0), milliseconds).unref();
};
