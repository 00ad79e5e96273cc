import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that a test can cut, freeze and mend. */
export interface TcpProxy extends AsyncDisposable {
  /** The server's URL, by way of the proxy. */
  readonly url: string;
  /** How many connections there are. */
  connections(): number;
  /** Drops every connection, and lets new ones in. */
  drop(): void;
  /** As a server that is stopped: every connection drops, and nobody listens. */
  cut(): Promise<void>;
  /** As a network that loses every packet: connections stay, new ones are accepted, and nothing comes through. */
  freeze(): void;
  /** Undoes {@link cut} and {@link freeze}; what was frozen is dropped. */
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
