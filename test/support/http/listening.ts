import { once } from 'node:events';
import type { Server } from 'node:http';

/** Starts the server on a free loopback port and closes it when the stack is disposed of. Returns the port. */
export const listening = async (server: Server, undo: AsyncDisposableStack): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.defer(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The server has no port');
  return bound.port;
};
