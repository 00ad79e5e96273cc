import { expect } from 'chai';
import type { RequestListener, Server } from 'node:http';
import { connect } from 'node:net';
import type { Observation } from '../../../src/application/ports/observer.ts';
import {
  securityHeaders,
  type HeaderFields,
} from '../../../src/interfaces/http/middleware/security-headers.ts';
import { createHttpServer, type ServerOptions } from '../../../src/interfaces/http/server/http-server.ts';
import { listening } from '../../support/http/listening.ts';
import { problemOf } from '../../support/http/response-schemas.ts';
import { sendRaw } from '../../support/http/raw-http.ts';
import { timed, until } from '../../support/until.ts';

const head = 'GET / HTTP/1.1\r\nHost: x\r\n';

/** More than the buffers of two sockets hold. */
const much = Buffer.alloc(32 * 1024 * 1024);

/** The headers of every response. */
const fields: HeaderFields = await securityHeaders();

const handle: RequestListener = (request, response) => {
  for (const [name, value] of fields) response.setHeader(name, value);
  response.setHeader('Vary', 'Origin').setHeader('X-Request-Id', 'slow');
  request.on('end', () => response.end(request.url === '/much' ? much : 'done')).resume();
};

describe('slow clients', () => {
  const observations: Observation[] = [];
  const opened = new AsyncDisposableStack();
  let server: Server;
  let port: number;

  before(async () => {
    const timeouts = {
      headersMs: 200,
      requestMs: 400,
      inactivityMs: 300,
      keepAliveMs: 200,
      minIdleMs: 10_000,
    };
    const observe = (seen: Observation) => observations.push(seen);
    ({ server, port } = await serving({ headers: fields, observe, maxConnections: 20, timeouts }, opened));
  });
  after(() => opened.disposeAsync());
  beforeEach(() => {
    observations.length = 0;
  });

  /** Sends a byte every 40 ms; returns what the server sends, and the time in milliseconds. */
  const trickle = (start: string, byte: string) => {
    let timer: NodeJS.Timeout | undefined;
    return timed(() =>
      sendRaw(port, start, {
        then: (socket) => {
          timer = setInterval(() => socket.write(byte), 40);
          socket.on('close', () => clearInterval(timer));
        },
      }).finally(() => clearInterval(timer)),
    );
  };

  for (const [what, start, byte] of [
    ['headers', head, 'X'],
    ['a body', `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\n`, 'x'],
    ['a chunk', `POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n`, 'x'],
  ] as const) {
    it(`given ${what} sent slowly: 408, and the connection is closed`, async () => {
      const [{ answers, closed }, milliseconds] = await trickle(start, byte);
      expect(answers.map(({ status }) => status)).to.deep.equal([408]);
      expect(problemOf(answers[0]!).code).to.equal('malformed_request');
      expect(closed).to.equal(true);
      expect(milliseconds).to.be.within(150, 2_500);
      expect(observations).to.deep.equal([{ type: 'request_rejected', status: 408 }]);
    });
  }

  it('given a client that sends nothing: the connection is closed', async () => {
    const [{ bytes, closed }, milliseconds] = await timed(() => sendRaw(port, ''));
    expect(closed).to.equal(true);
    expect(bytes.length === 0 || bytes.toString().startsWith('HTTP/1.1 408')).to.equal(true);
    expect(milliseconds).to.be.within(150, 2_500);
  });

  it('given a client that does not read its response: the connection is closed', async () => {
    const socket = connect(port, '127.0.0.1').pause();
    socket.on('error', () => undefined);
    socket.write(head.replace('/', '/much') + '\r\n');
    await until('the response is being sent', () => connections(server).then((count) => count === 1));
    await until('the connection is closed', () => connections(server).then((count) => count === 0));
    socket.destroy();
  });

  it('given an idle connection: it is closed', async () => {
    const [{ answers, closed }, milliseconds] = await timed(() => sendRaw(port, `${head}\r\n`));
    expect(answers.map(({ status }) => status)).to.deep.equal([200]);
    expect(closed).to.equal(true);
    expect(milliseconds).to.be.within(150, 2_500);
  });
});

describe('more clients than maxConnections', () => {
  it('given one too many: dropped and counted, and served once another has disconnected', async () => {
    await using undo = new AsyncDisposableStack();
    const observations: Observation[] = [];
    const timeouts = {
      headersMs: 5_000,
      requestMs: 5_000,
      inactivityMs: 5_000,
      keepAliveMs: 5_000,
      minIdleMs: 10_000,
    };
    const options = { headers: [], observe: (seen: Observation) => observations.push(seen) };
    const { server, port } = await serving({ ...options, maxConnections: 3, timeouts }, undo);
    const crowd = [1, 2].map(() => connect(port, '127.0.0.1').on('error', () => undefined));
    await until('they are connected', async () => (await connections(server)) === 2);
    const served = await sendRaw(port, `${head}\r\n`, { answers: 1 });
    expect(served.answers.map(({ status }) => status)).to.deep.equal([200]);
    await until('it is disconnected', async () => (await connections(server)) === 2);
    crowd.push(connect(port, '127.0.0.1').on('error', () => undefined));
    await until('the limit is reached', async () => (await connections(server)) === 3);
    const dropped = await sendRaw(port, `${head}\r\n`);
    expect([dropped.bytes.length, dropped.closed]).to.deep.equal([0, true]);
    expect(observations).to.deep.equal([{ type: 'connection_dropped', reason: 'limit' }]);
    for (const socket of crowd) socket.destroy();
    await until(
      'a new client is served',
      async () => (await sendRaw(port, `${head}\r\n`, { answers: 1 })).answers.length === 1,
    );
  });
});

/** Starts a server that is closed with the stack. */
const serving = async (options: ServerOptions, undo: AsyncDisposableStack) => {
  const server = createHttpServer(handle, options);
  return { server, port: await listening(server, undo) };
};

const connections = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
