import { createClient } from 'redis';
import type { Observer } from '../../application/ports/observer.ts';

/** A connection to Redis that never makes anybody wait for long. */
export interface RedisConnection extends AsyncDisposable {
  /** False while there is no connection, or the server has let a command wait too long. */
  readonly isReady: boolean;
  /** Sends a command as it is; rejects at once where it is not ready, and after a tenth of a second without a reply. */
  send(command: readonly string[]): Promise<unknown>;
}

/** The longest a reply may take, in milliseconds; a healthy one takes less than one. */
const replyMilliseconds = 100;

/** How long a start waits for the first connection; after that the service runs without it until it is there. */
const firstMilliseconds = 1_000;

/** Connects, and from then on again and again. What is lost and what is back is observed once, not for each command. */
export const connectRedis = async (url: string, observe: Observer): Promise<RedisConnection> => {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    pingInterval: 500,
    socket: {
      connectTimeout: 1_000,
      socketTimeout: 2_000, // longer than the pings are apart: without a reply the connection is given up
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 1_000) + Math.random() * 50,
    },
  });

  let state: 'new' | 'answering' | 'silent' | 'closed' = 'new';
  const lost = (error: unknown): void => {
    if (state === 'silent' || state === 'closed') return;
    state = 'silent';
    observe({ type: 'redis_lost', error });
  };
  const back = (): void => {
    if (state === 'silent') observe({ type: 'redis_recovered' });
    state = 'answering';
  };
  client.on('error', lost).on('ready', back).on('ping-interval', back);

  const first = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, firstMilliseconds);
    const settled = (): void => {
      clearTimeout(timer);
      resolve();
    };
    client.once('ready', settled).once('error', settled);
  });
  client.connect().catch(lost); // rejects only when it is closed before it was ever open
  await first;

  return {
    get isReady() {
      return state === 'answering' && client.isReady;
    },
    send: (command) => within(client.sendCommand([...command]), lost),
    [Symbol.asyncDispose]: () => {
      state = 'closed';
      client.destroy();
      return Promise.resolve();
    },
  };
};

const within = (reply: Promise<unknown>, late: (error: Error) => void): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const error = new Error(`Redis has not answered within ${replyMilliseconds} ms`);
      late(error);
      reject(error);
    }, replyMilliseconds);
    reply.then(resolve, reject).finally(() => clearTimeout(timer));
  });
