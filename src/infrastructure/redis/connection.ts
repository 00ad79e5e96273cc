import { TimeoutError, withTimeout } from '../system/timeout.ts';
import { createClient } from 'redis';
import type { Observer } from '../../application/ports/observer.ts';
import { probe } from './probe.ts';

/** A connection to Redis with a short timeout for each command. */
export interface RedisConnection extends AsyncDisposable {
  /** Whether the server counts: false without a connection, after a timeout, and while it refuses to count. */
  readonly isReady: boolean;
  /** Sends a command. Rejects at once without a connection, and after {@link replyMs} without a reply. */
  send(command: readonly string[]): Promise<unknown>;
}

/** Timeout of a command, in milliseconds. A healthy server replies in less than 1 ms. */
const replyMs = 100;

/** How long startup waits for the first connection, in milliseconds. After that the service starts without Redis. */
const firstConnectionMs = 1_000;

/** How often the server is checked, in milliseconds. */
const probeMs = 500;

/**
 * Connects, and reconnects after each loss. While Redis is lost, each failed attempt is observed: the cause can change. A
 * recovery is observed once. A server that is connected but refuses to count (`READONLY`, `OOM`, `MISCONF`, `NOAUTH`,
 * `LOADING`, …) is lost too, and so is a node of a Redis Cluster, which counts only a part of the users.
 */
export const connectRedis = async (url: string, observe: Observer): Promise<RedisConnection> => {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    socket: {
      connectTimeout: 1_000,
      socketTimeout: 2_000, // longer than the probe interval: a connection without replies is closed
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 1_000) + Math.random() * 50,
    },
  });

  let state: 'new' | 'counting' | 'lost' | 'closed' = 'new';
  const firstResult = Promise.withResolvers<boolean>();
  const onLost = (error: unknown): void => {
    firstResult.resolve(false);
    if (state === 'closed') return;
    const isFirst = state !== 'lost';
    state = 'lost';
    observe({ type: 'redis_lost', isFirst, error });
  };
  const onCounted = (): void => {
    firstResult.resolve(true);
    if (state === 'closed') return;
    if (state === 'lost') observe({ type: 'redis_recovered' });
    state = 'counting';
  };

  let isProbing = false;
  /** One probe at a time, until its reply: a server that does not reply gets no more, and runs into `socketTimeout`. */
  const check = (): void => {
    if (isProbing || !client.isReady) return;
    isProbing = true;
    const reply = probe((command) => client.sendCommand([...command]));
    withTimeout(replyMs, reply).then(onCounted, onLost);
    const onReply = (): void => void (isProbing = false);
    reply.then(onReply, onReply);
  };
  client.on('error', onLost).on('ready', check);
  const probes = setInterval(check, probeMs);

  const timer = setTimeout(firstResult.resolve, firstConnectionMs, false);
  client.connect().catch(onLost); // rejects only if the client is closed before its first connection
  await firstResult.promise;
  clearTimeout(timer);

  return {
    get isReady() {
      return state === 'counting' && client.isReady;
    },
    send: (command) => {
      const reply = client.sendCommand([...command]);
      // The probe decides whether it was the server or, as with a key of another type, this command alone.
      reply.catch(check);
      return withTimeout(replyMs, reply).catch((error: unknown) => {
        if (error instanceof TimeoutError) onLost(error); // a late reply means that the connection is lost
        throw error;
      });
    },
    [Symbol.asyncDispose]: () => {
      state = 'closed';
      clearInterval(probes);
      client.destroy();
      return Promise.resolve();
    },
  };
};
