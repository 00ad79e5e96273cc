import { createClient } from 'redis';
import type { Observer } from '../../application/ports/observer.ts';

/** A connection to Redis with a short timeout for each command. */
export interface RedisConnection extends AsyncDisposable {
  /** False while there is no connection, or after a command timed out, until the server replies again. */
  readonly isReady: boolean;
  /** Sends a command. Rejects at once without a connection, and after {@link replyMilliseconds} without a reply. */
  send(command: readonly string[]): Promise<unknown>;
}

/** Timeout of a command, in milliseconds. A healthy server replies in less than 1 ms. */
const replyMilliseconds = 100;

/** How long startup waits for the first connection, in milliseconds. After that the service starts without Redis. */
const firstConnectionMilliseconds = 1_000;

/** Connects, and reconnects after each loss. A loss and a recovery are each observed once, not for each command. */
export const connectRedis = async (url: string, observe: Observer): Promise<RedisConnection> => {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    pingInterval: 500,
    socket: {
      connectTimeout: 1_000,
      socketTimeout: 2_000, // longer than the ping interval: a connection without replies is closed
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 1_000) + Math.random() * 50,
    },
  });

  let state: 'new' | 'responding' | 'lost' | 'closed' = 'new';
  const onLost = (error: unknown): void => {
    if (state === 'lost' || state === 'closed') return;
    state = 'lost';
    observe({ type: 'redis_lost', error });
  };
  const onReply = (): void => {
    if (state === 'lost') observe({ type: 'redis_recovered' });
    state = 'responding';
  };
  client.on('error', onLost).on('ready', onReply).on('ping-interval', onReply);

  const firstAttempt = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, firstConnectionMilliseconds);
    const onAttempted = (): void => {
      clearTimeout(timer);
      resolve();
    };
    client.once('ready', onAttempted).once('error', onAttempted);
  });
  client.connect().catch(onLost); // rejects only if the client is closed before its first connection
  await firstAttempt;

  return {
    get isReady() {
      return state === 'responding' && client.isReady;
    },
    send: (command) => rejectOnTimeout(client.sendCommand([...command]), onLost),
    [Symbol.asyncDispose]: () => {
      state = 'closed';
      client.destroy();
      return Promise.resolve();
    },
  };
};

const rejectOnTimeout = (reply: Promise<unknown>, onTimeout: (error: Error) => void): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const error = new Error(`Redis did not reply within ${replyMilliseconds} ms`);
      onTimeout(error);
      reject(error);
    }, replyMilliseconds);
    reply.then(resolve, reject).finally(() => clearTimeout(timer));
  });
