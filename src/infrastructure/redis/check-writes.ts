import { createClient } from 'redis';
import { probeCommand } from './count-script.ts';

const timeoutMs = 2_000;

/** Connects, and counts as the service does. Rejects with the first error, also of a replica that only reads. */
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
    await client.sendCommand(probeCommand);
  } finally {
    client.destroy();
  }
};
