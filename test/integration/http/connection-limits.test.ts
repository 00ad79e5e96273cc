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

const timeouts = { headers: 60_000, request: 60_000, standstill: 60_000, keepAlive: 60_000, silence: 0 };

describe('limits of connections as configured', () => {
  /** How many of three connections from 127.0.0.1 are served where an address may have two, and what is counted. */
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
    ['hold for every address', {}, [2, 1]],
    ['can be switched off', { MAX_CONNECTIONS_PER_ADDRESS: '0' }, [3, 0]],
    ['hold for no address where every peer is a proxy', { TRUST_PROXY_HOPS: '1' }, [3, 0]],
    ['hold for other addresses than the proxies', { TRUSTED_PROXIES: '192.0.2.1' }, [2, 1]],
    ['do not hold for a range of proxies', { TRUSTED_PROXIES: '192.0.2.1,127.0.0.0/8' }, [3, 0]],
    ['hold for those that are no proxies', { TRUSTED_PROXIES: '192.0.2.1', TRUST_PROXY_HOPS: '1' }, [2, 1]],
  ] as const) {
    it(`${what}: ${JSON.stringify(environment)}`, async () => {
      expect(await served(environment)).to.deep.equal(expected);
    });
  }
});

describe('limits of connections', () => {
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

  /** Answers everything but `/held`. */
  const handle: RequestListener = ({ url }, response) => {
    if (url === '/held') held += 1;
    else response.end('done');
  };

  const serve = async (
    options: Partial<Parameters<typeof createHttpServer>[1]>,
    silence = timeouts.silence,
  ): Promise<Server> => {
    const server = createHttpServer(handle, {
      headers: [],
      observe: (seen) => seen.type === 'connection_dropped' && dropped.push(seen.reason),
      maxConnections: 100,
      timeouts: { ...timeouts, silence },
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
  /** Sends a request and waits for its answer. */
  const ask = async (socket: Socket): Promise<void> => {
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
  const isClosed = (socket: Socket): Promise<void> => until('it is closed', () => socket.closed);

  describe('of one address', () => {
    it('one more is dropped and counted, and other addresses are served', async () => {
      await serve({ maxConnectionsPerAddress: 3 });
      const [first] = await clients(3);
      await isClosed(await client());
      expect(dropped).to.deep.equal(['address']);
      for (const socket of await clients(3, '127.0.0.2')) await ask(socket);
      await isClosed(await client('127.0.0.2'));
      await ask(first!);
    });

    it('there is room again when one of them is closed', async () => {
      await serve({ maxConnectionsPerAddress: 2 });
      const [first, second] = await clients(2);
      first?.destroy();
      const third = await servedClient();
      await ask(second!);
      await isClosed(await client());
      for (const socket of [second, third]) socket?.destroy();
      await servedClient();
      await servedClient();
      await isClosed(await client());
    });

    it('do not hold for proxies', async () => {
      const isProxy = (address: string): boolean => address === '127.0.0.1';
      await serve({ maxConnectionsPerAddress: 2, isProxy });
      for (const socket of await clients(10)) await ask(socket);
      await clients(2, '127.0.0.2');
      await isClosed(await client('127.0.0.2'));
      expect(dropped).to.deep.equal(['address']);
    });

    it('are no limits where none is set', async () => {
      await serve({});
      for (const socket of await clients(20)) await ask(socket);
      expect(dropped).to.deep.equal([]);
    });
  });

  describe('of the whole server', () => {
    it('the connection that is idle for longest is closed for a new one', async () => {
      await serve({ maxConnections: 10 });
      const sockets = await clients(9);
      for (const socket of [...sockets, sockets[0]!]) await ask(socket);
      expect(dropped, 'nine tenths').to.deep.equal([]);
      await ask(await client());
      await isClosed(sockets[1]!);
      await ask(await client());
      await isClosed(sockets[2]!);
      expect(dropped).to.deep.equal(['idle', 'idle']);
      for (const socket of [sockets[0]!, ...sockets.slice(3)]) await ask(socket);
    });

    it('as many idle connections are closed as there are new ones, also where these come together', async () => {
      await serve({ maxConnections: 20 });
      await clients(18);
      const several = await Promise.all([client(), client(), client(), client()]);
      for (const socket of several) await ask(socket);
      expect(dropped).to.deep.equal(['idle', 'idle', 'idle', 'idle']);
    });

    it('a connection that its client has closed is not taken for an idle one', async () => {
      const server = await serve({ maxConnections: 10 });
      const [gone, next] = await clients(9);
      gone?.destroy();
      await until('the server has noticed', async () => (await connections(server)) === 8);
      await clients(2);
      await isClosed(next!);
    });

    it('a connection that never sent a request is idle', async () => {
      await serve({ maxConnections: 10 });
      const [silent, ...others] = await clients(9);
      for (const socket of others) await ask(socket);
      await ask(await client());
      await isClosed(silent!);
    });

    it('a connection with a request under way is not closed, and one more than all is dropped', async () => {
      await serve({ maxConnections: 10 });
      const busy: Socket[] = [];
      for (let count = 1; count <= 10; count += 1) {
        const socket = await client();
        socket.write(get('/held'));
        await until('the request is under way', () => held === count);
        busy.push(socket);
      }
      await isClosed(await client());
      expect(dropped).to.deep.equal(['limit']);
      expect(busy.filter(({ closed }) => closed)).to.deep.equal([]);
    });

    it('a client gets in though all places are taken, once a connection is idle', async () => {
      await serve({ maxConnections: 10 }, 300);
      await clients(10);
      await servedClient();
      expect(new Set(dropped)).to.deep.equal(new Set(['limit', 'idle']));
    });

    it('a connection that is receiving a request, or was used a moment ago, is not idle', async () => {
      await serve({ maxConnections: 10 }, 300);
      const [sending, silent, second, ...used] = await clients(9);
      sending?.write('GET / HTTP/1.1\r\n');
      const timer = setInterval(() => sending?.write('X: y\r\n'), 20);
      undo.defer(() => clearInterval(timer));
      const recent = setInterval(() => used.forEach((socket) => socket.write(get('/'))), 50);
      undo.defer(() => clearInterval(recent));
      await until('the silent one is closed', async () => {
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
