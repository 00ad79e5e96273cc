import { once } from 'node:events';
import type { Server } from 'node:http';

/** Lets a server listen on any port of this machine, until the stack is disposed of; returns the port. */
export const listening = async (server: Server, undo: AsyncDisposableStack): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.defer(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('It listens nowhere');
  return bound.port;
};
