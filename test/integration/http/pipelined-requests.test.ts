import { expect } from 'chai';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Observation } from '../../../src/application/ports/observer.ts';
import { createHttpServer } from '../../../src/interfaces/http/server/http-server.ts';
import { maxWaitingRequests } from '../../../src/interfaces/http/server/request-queue.ts';
import { listening } from '../../support/http/listening.ts';
import { until } from '../../support/until.ts';

const get = (path: string, fields = ''): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
const post = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const last = get('/last', 'Connection: close\r\n');

/** The running request, the waiting ones, and the first that exceeds the limit. */
const mostParsed = 1 + maxWaitingRequests + 1;

describe('pipelined requests', () => {
  const opened = new AsyncDisposableStack();
  after(() => opened.disposeAsync());
  let server: Server;
  let port: number;
  let events: string[];
  let held: (() => void)[];
  let observations: Observation[];
  const sockets = new Set<Socket>();

  /** Responds with path and body length; holds `/held…` until the test calls `release`. */
  const handle: RequestListener = (request, response) => void answer(request, response);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { url = '' } = request;
    sockets.add(request.socket);
    events.push(`begin ${url}`);
    response.prependOnceListener('finish', () => events.push(`end ${url}`));
    if (url.startsWith('/held')) await new Promise<void>((resolve) => held.push(resolve));
    const body = request.method === 'GET' ? '' : await text(request).catch(() => null);
    if (body === null) return;
    if (url === '/closing') response.setHeader('Connection', 'close');
    response.setHeader('X-Request-Id', 'pipelined');
    response.end(url.startsWith('/large') ? 'x'.repeat(100_000) : `${url} ${body.length}`);
  };

  before(async () => {
    const observe = (seen: Observation) => observations.push(seen);
    server = createHttpServer(handle, { headers: [], observe, maxConnections: 1_000 });
    port = await listening(server, opened);
  });
  afterEach(() =>
    until('no connection is left', async () => {
      release();
      return (await connections(server)) === 0;
    }),
  );
  beforeEach(() => {
    [events, held, observations] = [[], [], []];
    sockets.clear();
  });

  const client = async (undo: DisposableStack): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    undo.defer(() => void socket.destroy());
    await once(socket, 'connect');
    return socket;
  };
  const isHeld = (count = 1) => until('requests are held', () => held.length === count);
  const release = (): void => {
    for (const answer of held.splice(0)) answer();
  };
  /** All bytes of the connection until the server closes it. */
  const received = (socket: Socket): Promise<string> => text(socket.setEncoding('latin1'));
  const bodiesOf = (answers: string): readonly string[] =>
    answers.match(/(?<=\r\n\r\n)\/[a-z0-9-]+ \d+/g) ?? [];

  /** Sends requests, the last of which closes the connection, over a new connection; returns the response bodies. */
  const exchange = async (requests: string): Promise<readonly string[]> => {
    using undo = new DisposableStack();
    const socket = await client(undo);
    socket.write(requests);
    return bodiesOf(await received(socket));
  };

  /** Counts the requests that Node has parsed, handled or not. */
  const parsedRequests = (undo: DisposableStack): { count: number } => {
    const parsed = { count: 0 };
    const onRequest = (): void => void (parsed.count += 1);
    subscribe('http.server.request.start', onRequest);
    undo.defer(() => unsubscribe('http.server.request.start', onRequest));
    return parsed;
  };

  it('given several requests: each begins after the response to the one before', async () => {
    using undo = new DisposableStack();
    const socket = await client(undo);
    socket.write(get('/held') + get('/b') + post('/c', 'body') + last);
    await isHeld();
    expect(events).to.deep.equal(['begin /held']);
    const answers = received(socket);
    release();
    expect(bodiesOf(await answers)).to.deep.equal(['/held 0', '/b 0', '/c 4', '/last 0']);
    const names = ['/held', '/b', '/c', '/last'];
    expect(events).to.deep.equal(names.flatMap((name) => [`begin ${name}`, `end ${name}`]));
  });

  it('given waiting requests: no more is read from the network', async () => {
    using undo = new DisposableStack();
    const socket = await client(undo);
    const size = 60_000;
    const names = Array.from({ length: maxWaitingRequests - 1 }, (_, index) => `/n${index}`);
    socket.write(get('/held') + names.map((name) => post(name, 'x'.repeat(size))).join('') + last);
    await isHeld();
    const [connection] = sockets;
    let before = -1;
    await until('no more is read', () => {
      const isQuiet = connection?.bytesRead === before;
      before = connection?.bytesRead ?? 0;
      return isQuiet;
    });
    expect(before).to.be.lessThan(200_000);
    const answers = received(socket);
    release();
    expect(bodiesOf(await answers)).to.deep.equal([
      '/held 0',
      ...names.map((name) => `${name} ${size}`),
      '/last 0',
    ]);
  });

  it('given large bodies: the requests are answered', async () => {
    const large = post('/upload', 'x'.repeat(10_000_000));
    expect(await exchange(get('/a') + large + large + last)).to.deep.equal([
      '/a 0',
      '/upload 10000000',
      '/upload 10000000',
      '/last 0',
    ]);
  });

  it('given bodies in many pieces: the requests are answered in order', async () => {
    using undo = new DisposableStack();
    const socket = await client(undo);
    const answers = received(socket);
    const names = Array.from({ length: 50 }, (_, index) => `/n${index}`);
    const requests = names.map((name, index) => post(name, 'x'.repeat(index * 100))).join('') + last;
    for (let at = 0; at < requests.length; at += 1_000) {
      socket.write(requests.slice(at, at + 1_000));
      await new Promise(setImmediate);
    }
    const expected = [...names.map((name, index) => `${name} ${index * 100}`), '/last 0'];
    expect(bodiesOf(await answers)).to.deep.equal(expected);
  });

  it('given no more requests than may wait, repeatedly: all are answered on one connection', async () => {
    using undo = new DisposableStack();
    const socket = await client(undo);
    let bytes = '';
    socket.setEncoding('latin1').on('data', (piece: string) => (bytes += piece));
    for (let round = 1; round <= 5; round += 1) {
      socket.write(get('/large').repeat(1 + maxWaitingRequests));
      const expected = round * (1 + maxWaitingRequests);
      await until('all are answered', () => bytes.split('HTTP/1.1 200').length - 1 === expected);
    }
    expect(bytes).not.to.include('Connection: close');
  });

  it('given more than may wait: the accepted are answered, the others not begun, the connection closed', async () => {
    using undo = new DisposableStack();
    const socket = await client(undo);
    const answers = received(socket);
    const names = Array.from({ length: 20_000 }, (_, index) => `/n${index}`);
    socket.write(get('/held') + names.map((name) => get(name)).join(''));
    await isHeld();
    release();
    const accepted = ['/held', ...names.slice(0, maxWaitingRequests)];
    const bytes = await answers;
    expect(bodiesOf(bytes)).to.deep.equal(accepted.map((name) => `${name} 0`));
    expect(bytes.split('Connection: close')).to.have.length(2);
    expect(bytes.lastIndexOf('Connection: close')).to.be.greaterThan(bytes.lastIndexOf('HTTP/1.1 200'));
    expect(events.filter((event) => event.startsWith('begin'))).to.have.length(accepted.length);
  });

  it('given more than may wait from a client that is still sending: the connection is not reset', async () => {
    using undo = new DisposableStack();
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    undo.defer(() => void socket.destroy());
    const failure = once(socket, 'close').then(
      () => null,
      (error: unknown) => error,
    );
    const answers = received(socket);
    socket.end(get('/n').repeat(1_000_000)); // more than the buffers of two sockets hold
    expect(bodiesOf(await answers)).to.have.length(1 + maxWaitingRequests);
    expect(await failure).to.equal(null);
  });

  it('given more than may wait and a parser that cannot be stopped: the others are not begun', async () => {
    using undo = new DisposableStack();
    server.once('connection', makeParserUnstoppable);
    const socket = await client(undo);
    const answers = received(socket);
    socket.write(get('/held') + get('/n').repeat(1_000));
    await isHeld();
    release();
    const accepted = Array.from({ length: maxWaitingRequests }, () => '/n 0');
    expect(bodiesOf(await answers)).to.deep.equal(['/held 0', ...accepted]);
    expect(events.filter((event) => event.startsWith('begin'))).to.have.length(1 + accepted.length);
  });

  it('given 100,000 from a client that never reads: a few are parsed, and other clients are served', async () => {
    using undo = new DisposableStack();
    const parsed = parsedRequests(undo);
    const socket = await client(undo);
    socket.pause().write(get('/large').repeat(100_000));
    await until('the first request is answered', () => events.length > 0);
    expect(await exchange(last)).to.deep.equal(['/last 0']);
    await until('the connection is closed', () => connections(server).then((count) => count === 0));
    expect(parsed.count - 1).to.be.at.most(mostParsed);
  });

  it('given many connections that never read: each costs the memory of a few requests', async () => {
    using undo = new DisposableStack();
    const parsed = parsedRequests(undo);
    const count = 100;
    const flood = get('/held').repeat(3_000);
    const before = process.memoryUsage();
    for (let index = 0; index < count; index += 1) (await client(undo)).pause().write(flood);
    await isHeld(count);
    await until('all of them are read', () => parsed.count >= count * mostParsed);
    const after = process.memoryUsage();
    expect(await exchange(last)).to.deep.equal(['/last 0']);
    expect(parsed.count - 1).to.equal(count * mostParsed);
    expect(held).to.have.length(count);
    const growth = after.heapUsed + after.external - before.heapUsed - before.external;
    expect(growth / count, 'bytes for each connection').to.be.lessThan(1_000_000);
  });

  for (const [what, bytes, status] of [
    ['invalid bytes', 'garbage\r\n\r\n', 400],
    ['a broken body', 'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', 400],
    ['a CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', 501],
    ['an unknown method', 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n', 501],
  ] as const) {
    it(`given ${what} after them: it is answered last with ${status}, and nothing after it`, async () => {
      using undo = new DisposableStack();
      const socket = await client(undo);
      const answers = received(socket);
      socket.write(get('/held') + get('/b') + bytes + get('/never'));
      await isHeld();
      socket.write(get('/never'));
      release();
      const statuses = (await answers).match(/HTTP\/1\.1 \d+/g);
      expect(statuses).to.deep.equal(['HTTP/1.1 200', 'HTTP/1.1 200', `HTTP/1.1 ${status}`]);
      expect(events.filter((event) => event.startsWith('begin'))).to.deep.equal(['begin /held', 'begin /b']);
      expect(observations).to.deep.equal([{ type: 'request_rejected', status }]);
    });
  }

  it('given requests after a CONNECT to a path: CONNECT is answered in order, the others are not handled', async () => {
    using undo = new DisposableStack();
    const socket = await client(undo);
    const answers = received(socket);
    socket.write(`${get('/held')}CONNECT /path HTTP/1.1\r\nHost: a\r\n\r\n${get('/never')}`);
    await isHeld();
    expect(events).to.deep.equal(['begin /held']);
    release();
    expect(bodiesOf(await answers)).to.deep.equal(['/held 0', '/path 0']);
  });

  it('given Expect: 100-continue: handled in order, then the connection is closed', async () => {
    using undo = new DisposableStack();
    const socket = await client(undo);
    const answers = received(socket);
    const fields = 'Content-Length: 4\r\nExpect: 100-continue\r\n';
    socket.write(`${get('/held')}POST /expecting HTTP/1.1\r\nHost: a\r\n${fields}\r\nbody${get('/never')}`);
    await isHeld();
    release();
    expect(bodiesOf(await answers)).to.deep.equal(['/held 0', '/expecting 4']);
    expect(events).not.to.include('begin /never');
  });

  it('given an unsupported Upgrade: handled as an ordinary request', async () => {
    using undo = new DisposableStack();
    const socket = await client(undo);
    const answers = received(socket);
    socket.write(get('/held') + get('/upgrade', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'));
    await isHeld();
    expect(events).to.deep.equal(['begin /held']);
    release();
    await until('the request is answered', () => events.includes('end /upgrade'));
    socket.write(last);
    expect(bodiesOf(await answers)).to.deep.equal(['/held 0', '/upgrade 0', '/last 0']);
  });

  it('given requests after a response that closes the connection: not handled', async () => {
    using undo = new DisposableStack();
    const socket = await client(undo);
    const answers = received(socket);
    socket.write(get('/held') + get('/closing') + post('/never', 'body'));
    await isHeld();
    release();
    expect(bodiesOf(await answers)).to.deep.equal(['/held 0', '/closing 0']);
    expect(events).not.to.include('begin /never');
  });

  it('given a client that disconnects: its waiting requests are not handled', async () => {
    using undo = new DisposableStack();
    const socket = await client(undo);
    socket.write(get('/held') + post('/never', 'body'));
    await isHeld();
    socket.resetAndDestroy();
    await once(socket, 'close');
    release();
    await until('the server has closed the connection', async () => (await connections(server)) === 0);
    expect(await exchange(last)).to.deep.equal(['/last 0']);
    expect(events).not.to.include('begin /never');
  });

  it('given a timeout while others are handled: 408 in order, and the request is not begun', async () => {
    using undo = new DisposableStack();
    await using stack = new AsyncDisposableStack();
    const timeouts = {
      headersMs: 2_000, // a busy machine may take a second until it reads the first request
      requestMs: 2_000,
      inactivityMs: 20_000,
      keepAliveMs: 20_000,
      minIdleMs: 20_000,
    };
    const observe = (seen: Observation) => observations.push(seen);
    const strict = createHttpServer(handle, { headers: [], observe, maxConnections: 10, timeouts });
    const socket = connect(await listening(strict, stack), '127.0.0.1');
    undo.defer(() => void socket.destroy());
    const timedOut = once(strict, 'clientError');
    const answers = received(socket);
    socket.write(get('/held') + get('/b') + post('/never', 'x'.repeat(2_000_000)));
    await isHeld();
    await timedOut;
    release();
    const statuses = (await answers).match(/HTTP\/1\.1 \d+/g);
    expect(statuses).to.deep.equal(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 408']);
    expect(events).not.to.include('begin /never');
    expect(observations).to.deep.equal([{ type: 'request_rejected', status: 408 }]);
  });

  it('given a client that has ended its side: all are answered', async () => {
    using undo = new DisposableStack();
    const socket = await client(undo);
    const answers = received(socket);
    socket.end(get('/held') + get('/b') + post('/c', 'body'));
    await isHeld();
    release();
    expect(bodiesOf(await answers)).to.deep.equal(['/held 0', '/b 0', '/c 4']);
  });
});

/** Makes the parser of a connection ignore a replaced callback, as another version of Node might. */
const makeParserUnstoppable = (socket: Socket): void => {
  const parser = 'parser' in socket ? socket.parser : null;
  if (typeof parser !== 'object' || parser === null || !('onIncoming' in parser))
    throw new Error('The socket has no parser');
  const { onIncoming } = parser;
  Object.defineProperty(parser, 'onIncoming', {
    get: () => onIncoming,
    set: () => undefined,
    configurable: true,
  });
  socket.once('close', () => Reflect.deleteProperty(parser, 'onIncoming')); // Node reuses parsers
};

const connections = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
