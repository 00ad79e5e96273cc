import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy that simulates failures of the network and of the server. */
export interface TcpProxy extends AsyncDisposable {
  /** The server's URL with the address of the proxy. */
  readonly url: string;
  /** The number of open connections. */
  connections(): number;
  /** Drops every connection, and accepts new ones. */
  drop(): void;
  /** Simulates a stopped server: drops every connection, and stops listening. */
  cut(): Promise<void>;
  /** Simulates a network that loses every packet: connections stay open, new ones are accepted, and no data passes. */
  freeze(): void;
  /** Undoes {@link cut} and {@link freeze}; drops frozen connections. */
  mend(): Promise<void>;
}

export const startTcpProxy = async (targetUrl: string): Promise<TcpProxy> => {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let isFrozen = false;

  const join = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on('data', (chunk) => {
      if (!isFrozen) to.write(chunk);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      if (!isFrozen) to.destroy();
    });
  };
  const server = createServer((near) => {
    const far = connect(Number(target.port || 5432), target.hostname);
    join(near, far);
    join(far, near);
  });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const cut = async (): Promise<void> => {
    drop();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };

  await listen(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
  const url = new URL(targetUrl);
  url.hostname = '127.0.0.1';
  url.port = String(address.port);
  return {
    url: url.href,
    connections: () => sockets.size / 2,
    drop,
    cut,
    freeze: () => {
      isFrozen = true;
    },
    mend: async () => {
      if (isFrozen) drop();
      isFrozen = false;
      if (!server.listening) await listen(address.port);
    },
    [Symbol.asyncDispose]: cut,
  };
};
