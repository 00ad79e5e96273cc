import { expect } from 'chai';
import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { DropReason } from '../../../src/application/ports/observer.ts';
import { createHttpServer } from '../../../src/interfaces/http/server/http-server.ts';
import { listening } from '../../support/http/listening.ts';
import { samplesOf, sampleOf } from '../../support/metrics.ts';
import { startService } from '../../support/http/service.ts';
import { until } from '../../support/until.ts';

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

const timeouts = {
  headersMs: 60_000,
  requestMs: 60_000,
  inactivityMs: 60_000,
  keepAliveMs: 60_000,
  minIdleMs: 0,
};

describe('configuration of connection limits', () => {
  /** Opens three connections from 127.0.0.1; returns how many are served, and how many the metric counts as dropped. */
  const served = async (environment: Readonly<Record<string, string>>) => {
    await using service = await startService({
      environment: { MAX_CONNECTIONS_PER_ADDRESS: '2', ...environment },
    });
    const sockets = [1, 2, 3].map(() => connect(service.port, '127.0.0.1').on('error', () => undefined));
    for (const socket of sockets) socket.resume().write(get('/health/live'));
    await until('all are served or closed', () =>
      sockets.every(({ bytesRead, closed }) => bytesRead > 0 || closed),
    );
    const count = sockets.filter(({ bytesRead }) => bytesRead > 0).length;
    for (const socket of sockets) socket.destroy();
    const samples = samplesOf((await service.operations.get('/metrics')).text);
    return [count, sampleOf(samples, 'http_connections_dropped_total', { reason: 'address' })];
  };

  for (const [what, environment, expected] of [
    ['two connections are served', {}, [2, 1]],
    ['all are served', { MAX_CONNECTIONS_PER_ADDRESS: '0' }, [3, 0]],
    ['every peer is a proxy, and all are served', { TRUST_PROXY_HOPS: '1' }, [3, 0]],
    ['the peer is not a proxy, and two are served', { TRUSTED_PROXIES: '192.0.2.1' }, [2, 1]],
    [
      'the peer is within a proxy range, and all are served',
      { TRUSTED_PROXIES: '192.0.2.1,127.0.0.0/8' },
      [3, 0],
    ],
    [
      'the peer is not a proxy, and two are served, whatever the hops',
      { TRUSTED_PROXIES: '192.0.2.1', TRUST_PROXY_HOPS: '1' },
      [2, 1],
    ],
  ] as const) {
    it(`given ${JSON.stringify(environment)}: ${what}`, async () => {
      expect(await served(environment)).to.deep.equal(expected);
    });
  }
});

describe('connection limits', () => {
  let undo: AsyncDisposableStack;
  let dropped: DropReason[];
  let held: number;
  let port: number;
  beforeEach(() => {
    undo = new AsyncDisposableStack();
    dropped = [];
    held = 0;
  });
  afterEach(() => undo.disposeAsync());

  /** Responds to every path except `/held`. */
  const handle: RequestListener = ({ url }, response) => {
    if (url === '/held') held += 1;
    else response.end('done');
  };

  const serve = async (
    options: Partial<Parameters<typeof createHttpServer>[1]>,
    minIdleMs = timeouts.minIdleMs,
  ): Promise<Server> => {
    const server = createHttpServer(handle, {
      headers: [],
      observe: (seen) => seen.type === 'connection_dropped' && dropped.push(seen.reason),
      maxConnections: 100,
      timeouts: { ...timeouts, minIdleMs },
      ...options,
    });
    port = await listening(server, undo);
    return server;
  };

  const client = async (localAddress = '127.0.0.1'): Promise<Socket> => {
    const socket = connect({ port, host: '127.0.0.1', localAddress }).on('error', () => undefined);
    undo.defer(() => void socket.destroy());
    socket.resume();
    await once(socket, 'connect');
    return socket;
  };
  const clients = async (count: number, localAddress?: string): Promise<readonly Socket[]> => {
    const sockets: Socket[] = [];
    for (let index = 0; index < count; index += 1) sockets.push(await client(localAddress));
    return sockets;
  };
  /** Sends a request and waits for the response. */
  const exchange = async (socket: Socket): Promise<void> => {
    socket.write(get('/'));
    await once(socket, 'data');
  };
  /** Connects until a connection is served. */
  const servedClient = async (): Promise<Socket> => {
    let socket = await client();
    await until('a client is served', async () => {
      if (socket.closed) socket = await client();
      if (socket.bytesWritten === 0) socket.write(get('/'));
      return socket.bytesRead > 0;
    });
    return socket;
  };
  const isClosed = (socket: Socket): Promise<void> => until('the connection is closed', () => socket.closed);

  describe('per address', () => {
    it('given one connection too many: dropped and counted, and other addresses are served', async () => {
      await serve({ maxConnectionsPerAddress: 3 });
      const [first] = await clients(3);
      await isClosed(await client());
      expect(dropped).to.deep.equal(['address']);
      for (const socket of await clients(3, '127.0.0.2')) await exchange(socket);
      await isClosed(await client('127.0.0.2'));
      await exchange(first!);
    });

    it('given a closed connection: a new one is served', async () => {
      await serve({ maxConnectionsPerAddress: 2 });
      const [first, second] = await clients(2);
      first?.destroy();
      const third = await servedClient();
      await exchange(second!);
      await isClosed(await client());
      for (const socket of [second, third]) socket?.destroy();
      await servedClient();
      await servedClient();
      await isClosed(await client());
    });

    it('given a proxy: not limited', async () => {
      const isProxy = (address: string): boolean => address === '127.0.0.1';
      await serve({ maxConnectionsPerAddress: 2, isProxy });
      for (const socket of await clients(10)) await exchange(socket);
      await clients(2, '127.0.0.2');
      await isClosed(await client('127.0.0.2'));
      expect(dropped).to.deep.equal(['address']);
    });

    it('given no limit: no connection is dropped', async () => {
      await serve({});
      for (const socket of await clients(20)) await exchange(socket);
      expect(dropped).to.deep.equal([]);
    });
  });

  describe('for the whole server', () => {
    it('given nine tenths of the limit and a new connection: the longest idle one is closed', async () => {
      await serve({ maxConnections: 10 });
      const sockets = await clients(9);
      for (const socket of [...sockets, sockets[0]!]) await exchange(socket);
      expect(dropped, 'nine tenths').to.deep.equal([]);
      await exchange(await client());
      await isClosed(sockets[1]!);
      await exchange(await client());
      await isClosed(sockets[2]!);
      expect(dropped).to.deep.equal(['idle', 'idle']);
      for (const socket of [sockets[0]!, ...sockets.slice(3)]) await exchange(socket);
    });

    it('given several new connections at once: as many idle ones are closed', async () => {
      await serve({ maxConnections: 20 });
      await clients(18);
      const several = await Promise.all([client(), client(), client(), client()]);
      for (const socket of several) await exchange(socket);
      expect(dropped).to.deep.equal(['idle', 'idle', 'idle', 'idle']);
    });

    it('given a connection that its client closed: it does not count as idle', async () => {
      const server = await serve({ maxConnections: 10 });
      const [closed, next] = await clients(9);
      closed?.destroy();
      await until('the server has closed the connection', async () => (await connections(server)) === 8);
      await clients(2);
      await isClosed(next!);
    });

    it('given a connection that never sent a request: it counts as idle', async () => {
      await serve({ maxConnections: 10 });
      const [silent, ...others] = await clients(9);
      for (const socket of others) await exchange(socket);
      await exchange(await client());
      await isClosed(silent!);
    });

    it('given only connections with running requests: none is closed, and a new one is dropped', async () => {
      await serve({ maxConnections: 10 });
      const busy: Socket[] = [];
      for (let count = 1; count <= 10; count += 1) {
        const socket = await client();
        socket.write(get('/held'));
        await until('the request is running', () => held === count);
        busy.push(socket);
      }
      await isClosed(await client());
      expect(dropped).to.deep.equal(['limit']);
      expect(busy.filter(({ closed }) => closed)).to.deep.equal([]);
    });

    it('given the limit reached: a new client is served once a connection is idle', async () => {
      await serve({ maxConnections: 10 }, 300);
      await clients(10);
      await servedClient();
      expect(new Set(dropped)).to.deep.equal(new Set(['limit', 'idle']));
    });

    it('given a connection that receives a request or was just used: it does not count as idle', async () => {
      await serve({ maxConnections: 10 }, 300);
      const [sending, silent, second, ...used] = await clients(9);
      sending?.write('GET / HTTP/1.1\r\n');
      const timer = setInterval(() => sending?.write('X: y\r\n'), 20);
      undo.defer(() => clearInterval(timer));
      const recent = setInterval(() => used.forEach((socket) => socket.write(get('/'))), 50);
      undo.defer(() => clearInterval(recent));
      await until('the silent connection is closed', async () => {
        (await client()).destroy();
        return silent?.closed === true;
      });
      await client();
      await isClosed(second!);
      expect([sending, ...used].filter((socket) => socket?.closed)).to.deep.equal([]);
    });
  });
});

const connections = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
