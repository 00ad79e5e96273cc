import { createClient } from 'redis';

const timeoutMilliseconds = 2_000;

/** Connects, and writes a key that expires at once. Rejects with the first error, also of a replica that only reads. */
export const checkRedisWrites = async (url: string): Promise<void> => {
  const client = createClient({
    url,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    socket: {
      connectTimeout: timeoutMilliseconds,
      socketTimeout: timeoutMilliseconds,
      reconnectStrategy: false,
    },
  });
  client.on('error', () => undefined); // rejects the command
  try {
    await client.connect();
    await client.sendCommand(['SET', 'taskhold:check-config', '1', 'PX', '1']);
  } finally {
    client.destroy();
  }
};
