import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * A port of the loopback interface that was free a moment ago. It lies below those that systems give to outgoing
 * connections, which would otherwise take it before the program listens that it is meant for.
 */
export const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = 10_240 + Math.floor(Math.random() * 20_000);
    if (await isFree(port)) return port;
  }
  throw new Error('No port of 100 was free');
};

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
};
