import { once } from 'node:events';
import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** How long an idle connection stays open for a request that may be on its way, in milliseconds. */
const idleMilliseconds = 1_000;

/** No new connection for so long: clients wait for the responses to requests that are held. In milliseconds. */
const quietMilliseconds = 20;
/** The longest wait for that, and the longest for a turn of the event loop without a new connection, in milliseconds. */
const longestWaitMilliseconds = 250;
const longestTurnsMilliseconds = 2_000;

/**
 * Closes the listening socket without a reset of connections that the kernel has accepted and Node has not. New requests
 * are held meanwhile, so that clients which wait for a response open no further connection. The socket is closed in a
 * turn of the event loop that found no connection waiting.
 */
const stopListening = async (server: Server, hold: () => () => void, milliseconds: number): Promise<void> => {
  const begin = performance.now();
  const until = (longest: number): number => begin + Math.min(longest, milliseconds / 4);
  let last = begin;
  let accepted = 0;
  let seen: number;
  server.on('connection', () => {
    last = performance.now();
    accepted += 1;
  });
  const release = hold();
  while (performance.now() < Math.min(last + quietMilliseconds, until(longestWaitMilliseconds)))
    await pause(5);
  do {
    seen = accepted;
    await turn(); // Node accepts one connection in a turn
  } while (accepted > seen && performance.now() < until(longestTurnsMilliseconds));
  // Not the close of node:http: it closes every idle connection at once, also one whose client is just sending a request,
  // which would get no answer.
  NetServer.prototype.close.call(server);
  release();
};

/** Resolves after Node has looked for new connections and data once. */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(() => setImmediate(resolve)));

/** What the drain has to know of a server. */
export interface Drained {
  /** Holds new requests; returns what lets them begin. */
  readonly hold: () => () => void;
  /** Requests whose responses are not sent completely. */
  readonly requestsInFlight: () => number;
}

/**
 * Accepts no new connections, and closes the open ones: each after its last response, or when it was idle. Requests that
 * still arrive are answered. After `milliseconds` every connection is closed. Node takes a connection for idle when its
 * response is ended, also while a slow client is still receiving it; so none is closed while requests are under way.
 */
export const drain = async (
  server: Server,
  milliseconds: number,
  { hold, requestsInFlight }: Drained = nothingToHold,
): Promise<void> => {
  if (!server.listening) return;
  const closed = once(server, 'close');
  const begin = performance.now();
  const timeout = setTimeout(() => server.closeAllConnections(), milliseconds);
  await stopListening(server, hold, milliseconds);
  const idleUntil = begin + Math.min(idleMilliseconds, milliseconds / 2);
  const sweep = setInterval(() => {
    if (performance.now() > idleUntil && requestsInFlight() === 0) server.closeIdleConnections();
  }, 20);
  await closed;
  clearInterval(sweep);
  clearTimeout(timeout);
};

const nothingToHold: Drained = { hold: () => () => undefined, requestsInFlight: () => 0 };
