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

/** One request under way, those that wait, and the one that is too many. */
const mostParsed = 1 + maxWaitingRequests + 1;

describe('requests pipelined on one connection', () => {
  const opened = new AsyncDisposableStack();
  after(() => opened.disposeAsync());
  let server: Server;
  let port: number;
  let events: string[];
  let held: (() => void)[];
  let observations: Observation[];
  const sockets = new Set<Socket>();

  /** Answers `/held…` when the test says so, and everything else by its path and the length of its body. */
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
  /** What comes over the connection until the server closes it. */
  const received = (socket: Socket): Promise<string> => text(socket.setEncoding('latin1'));
  const bodiesOf = (answers: string): readonly string[] =>
    answers.match(/(?<=\r\n\r\n)\/[a-z0-9-]+ \d+/g) ?? [];

  /** Sends these over a connection of their own, of which the last closes it; returns the bodies of the answers. */
  const exchange = async (requests: string): Promise<readonly string[]> => {
    using undo = new DisposableStack();
    const socket = await client(undo);
    socket.write(requests);
    return bodiesOf(await received(socket));
  };

  /** Counts the requests that Node has parsed, whatever becomes of them. */
  const parsedRequests = (undo: DisposableStack): { count: number } => {
    const parsed = { count: 0 };
    const onRequest = (): void => void (parsed.count += 1);
    subscribe('http.server.request.start', onRequest);
    undo.defer(() => unsubscribe('http.server.request.start', onRequest));
    return parsed;
  };

  it('are begun one after another, each when the one before it is answered', async () => {
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

  it('are not read from the network while others wait, however large', async () => {
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

  it('may have bodies of any size', async () => {
    const large = post('/upload', 'x'.repeat(10_000_000));
    expect(await exchange(get('/a') + large + large + last)).to.deep.equal([
      '/a 0',
      '/upload 10000000',
      '/upload 10000000',
      '/last 0',
    ]);
  });

  it('are answered in order where they come in many pieces, with bodies', async () => {
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

  it('are answered without end by one connection, where no more are sent than may wait', async () => {
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

  it('beyond those that may wait end the connection: the accepted are answered, the others not begun', async () => {
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

  it('beyond those that may wait do not reset the connection of a client that is still sending', async () => {
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

  it('beyond those that may wait are not begun either where the parser cannot be stopped', async () => {
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

  it('100,000 of a client that never reads cost the memory of a few, and others are served', async () => {
    using undo = new DisposableStack();
    const parsed = parsedRequests(undo);
    const socket = await client(undo);
    socket.pause().write(get('/large').repeat(100_000));
    await until('it is answered', () => events.length > 0);
    expect(await exchange(last)).to.deep.equal(['/last 0']);
    await until('it is closed', () => connections(server).then((count) => count === 0));
    expect(parsed.count - 1).to.be.at.most(mostParsed);
  });

  it('of many connections that never read cost the memory of a few each, also while answers wait', async () => {
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
    ['what is no request', 'garbage\r\n\r\n', 400],
    ['a broken body', 'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', 400],
    ['a CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', 501],
    ['an unknown method', 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n', 501],
  ] as const) {
    it(`are all answered before ${what} behind them is, and what follows that is not`, async () => {
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
      expect(observations).to.deep.equal([{ type: 'turned_away', status }]);
    });
  }

  it('behind a CONNECT to a path are not carried out, and it is answered in its turn', async () => {
    using undo = new DisposableStack();
    const socket = await client(undo);
    const answers = received(socket);
    socket.write(`${get('/held')}CONNECT /path HTTP/1.1\r\nHost: a\r\n\r\n${get('/never')}`);
    await isHeld();
    expect(events).to.deep.equal(['begin /held']);
    release();
    expect(bodiesOf(await answers)).to.deep.equal(['/held 0', '/path 0']);
  });

  it('that expect 100 Continue are handled in their turn, and end the connection', async () => {
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

  it('with an Upgrade that is not taken are requests like any other', async () => {
    using undo = new DisposableStack();
    const socket = await client(undo);
    const answers = received(socket);
    socket.write(get('/held') + get('/upgrade', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'));
    await isHeld();
    expect(events).to.deep.equal(['begin /held']);
    release();
    await until('it is answered', () => events.includes('end /upgrade'));
    socket.write(last);
    expect(bodiesOf(await answers)).to.deep.equal(['/held 0', '/upgrade 0', '/last 0']);
  });

  it('behind an answer that closes the connection are not carried out', async () => {
    using undo = new DisposableStack();
    const socket = await client(undo);
    const answers = received(socket);
    socket.write(get('/held') + get('/closing') + post('/never', 'body'));
    await isHeld();
    release();
    expect(bodiesOf(await answers)).to.deep.equal(['/held 0', '/closing 0']);
    expect(events).not.to.include('begin /never');
  });

  it('of a client that goes away while they wait are not carried out', async () => {
    using undo = new DisposableStack();
    const socket = await client(undo);
    socket.write(get('/held') + post('/never', 'body'));
    await isHeld();
    socket.resetAndDestroy();
    await once(socket, 'close');
    release();
    await until('the server has noticed', async () => (await connections(server)) === 0);
    expect(await exchange(last)).to.deep.equal(['/last 0']);
    expect(events).not.to.include('begin /never');
  });

  it('that time out while others are carried out are answered 408 in their turn, and not begun', async () => {
    using undo = new DisposableStack();
    await using stack = new AsyncDisposableStack();
    const timeouts = { headers: 100, request: 200, standstill: 5_000, keepAlive: 5_000, silence: 5_000 };
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
    expect(observations).to.deep.equal([{ type: 'turned_away', status: 408 }]);
  });

  it('of a client that has ended its side are all answered', async () => {
    using undo = new DisposableStack();
    const socket = await client(undo);
    const answers = received(socket);
    socket.end(get('/held') + get('/b') + post('/c', 'body'));
    await isHeld();
    release();
    expect(bodiesOf(await answers)).to.deep.equal(['/held 0', '/b 0', '/c 4']);
  });
});

/** Lets a connection's parser ignore that its callback is replaced, as that of another version of Node might. */
const makeParserUnstoppable = (socket: Socket): void => {
  const parser = 'parser' in socket ? socket.parser : null;
  if (typeof parser !== 'object' || parser === null || !('onIncoming' in parser))
    throw new Error('No parser');
  const { onIncoming } = parser;
  Object.defineProperty(parser, 'onIncoming', {
    get: () => onIncoming,
    set: () => undefined,
    configurable: true,
  });
  socket.once('close', () => Reflect.deleteProperty(parser, 'onIncoming')); // parsers are used again
};

const connections = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
