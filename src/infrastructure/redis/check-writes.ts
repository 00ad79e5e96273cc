import { createClient } from 'redis';
import { probe } from './probe.ts';

const timeoutMs = 2_000;

/** Connects, and counts as the service does. Rejects with the first error, also of a replica that only reads, or of a node of a cluster. */
export const checkRedisWrites = async (url: string): Promise<void> => {
  const client = createClient({
    url,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    socket: {
      connectTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      reconnectStrategy: false,
    },
  });
  client.on('error', () => undefined); // rejects the command
  try {
    await client.connect();
    await probe((command) => client.sendCommand([...command]));
  } finally {
    client.destroy();
  }
};
