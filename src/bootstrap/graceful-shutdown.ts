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
 * Accepts no new connections, and closes the open ones: each after its last response, or when it was idle. Requests that
 * still arrive are answered. After `milliseconds` every connection is closed. Node takes a connection for idle when its
 * response is ended, also while a slow client is still receiving it; so none is closed while `isBusy` returns true.
 */
export const drain = async (
  server: Server,
  milliseconds: number,
  isBusy: () => boolean = () => false,
): Promise<void> => {
  if (!server.listening) return;
  const closed = once(server, 'close');
  // Not the close of node:http: it closes every idle connection at once, also one whose client is just sending a request,
  // which would get no answer.
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

/** Ends the process when the time is up, even where something will not close: everything worth keeping is kept. */
export const exitWithin = (milliseconds: number): void => {
  setTimeout(() => process.exit(0), milliseconds).unref();
};
