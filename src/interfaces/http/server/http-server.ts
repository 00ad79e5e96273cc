import {
  createServer,
  ServerResponse,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { DropReason, Observer } from '../../../application/ports/observer.ts';
import { earlyRefusal, type HttpProblem } from '../problems/problem.ts';
import { incomingIdOf, refuseConnection, toParserProblem, type ParserError } from './connection-errors.ts';
import { requestIdOf } from '../request/request-id.ts';
import type { HeaderFields } from '../middleware/security-headers.ts';
import { openConnections } from './open-connections.ts';
import { RequestQueue } from './request-queue.ts';

export interface ServerOptions {
  /** The fields that every answer carries, those included that are given before a request is understood. */
  readonly headers: HeaderFields;
  readonly observe: Observer;
  /** Connections at most; one more is dropped. From nine tenths of it on, idle ones are closed for new ones. */
  readonly maxConnections: number;
  /** Connections of one address at most, IPv6 by /64; one more is dropped. 0, and by default: no limit. */
  readonly maxConnectionsPerAddress?: number;
  /** Whether the limit for an address does not hold for this one, since it is a proxy. By default none is. */
  readonly isProxy?: (address: string) => boolean;
  readonly timeouts?: Timeouts;
}

/** How long a client may take, in milliseconds. */
export interface Timeouts {
  /** To send the header fields. */
  readonly headers: number;
  /** To send all of a request. */
  readonly request: number;
  /** To take or send the next byte while a request is under way. */
  readonly standstill: number;
  /** To send the next request over the same connection. */
  readonly keepAlive: number;
  /** To be silent without a request under way, while no more connections are needed than there is room for. */
  readonly silence: number;
}

/** For requests that may take as long as `requestTimeoutMs`, in which no byte may be sent. */
export const timeoutsFor = (requestTimeoutMs: number): Timeouts => ({
  ...defaultTimeouts,
  standstill: Math.max(defaultTimeouts.standstill, requestTimeoutMs + 5_000),
});

const defaultTimeouts: Timeouts = {
  headers: 10_000,
  request: 20_000,
  standstill: 30_000,
  keepAlive: 72_000, // longer than the 60 s of common load balancers, so that they hang up first
  silence: 1_000, // a request may be on its way
};

/** 16 KiB of header fields, and room for the request line. */
const maxHeaderSize = 16 * 1024 + 512;

/** Node's server, with an answer of ours for everything that it would answer by itself. */
export const createHttpServer = (handle: RequestListener, options: ServerOptions): Server => {
  const { headers, observe, maxConnections, timeouts = defaultTimeouts } = options;
  const drop = (reason: DropReason): void => observe({ type: 'connection_dropped', reason });
  const connections = openConnections(
    {
      max: maxConnections,
      maxPerAddress: options.maxConnectionsPerAddress ?? 0,
      isProxy: options.isProxy ?? (() => false),
      silenceMs: timeouts.silence,
    },
    drop,
  );
  const queues = new WeakMap<Duplex, RequestQueue>();

  const queueOf = (socket: Duplex): RequestQueue => {
    const queue = queues.get(socket);
    if (queue === undefined) throw new Error('The connection was not accepted');
    return queue;
  };

  const rejectRequest = (socket: Duplex, problem: HttpProblem, incomingId: string): void => {
    observe({ type: 'request_rejected', status: problem.status });
    refuseConnection(socket, problem, headers, requestIdOf(incomingId));
  };

  const receive: RequestListener = ({ socket }, response) => queueOf(socket).add(response);

  const receiveExpecting: RequestListener = (request, response) => {
    response.shouldKeepAlive = false; // a body that was announced and not asked for may or may not follow
    receive(request, response);
  };

  const server = createServer(
    {
      maxHeaderSize,
      requireHostHeader: false, // checked where the answer can be a problem
      headersTimeout: timeouts.headers,
      requestTimeout: timeouts.request,
      connectionsCheckingInterval: Math.min(1_000, timeouts.headers),
      keepAliveTimeout: timeouts.keepAlive,
    },
    receive,
  );
  server.timeout = timeouts.standstill;
  server.maxConnections = maxConnections;
  // A client that closes its side of the connection after the request is still answered (RFC 9112, section 9.6).
  Object.assign(server, { httpAllowHalfOpen: true }); // Node has it, and does not say so
  server.on('connection', (socket) => {
    const activity = connections.accept(socket);
    queues.set(socket, new RequestQueue(socket, handle, activity));
  });
  server.on('drop', () => {
    connections.makeRoom();
    drop('limit');
  });

  server.on('checkContinue', receiveExpecting);
  server.on('checkExpectation', receiveExpecting); // answered where the answer can be a problem

  // Node hands a connection with CONNECT over, and no longer handles its errors.
  server.on('connect', (request, socket) => {
    socket.on('error', () => socket.destroy());
    queueOf(socket).close(() => {
      if (socket instanceof Socket && request.url?.startsWith('/') === true) {
        answerOnce(handle, request, socket);
      } else {
        rejectRequest(socket, earlyRefusal(501), request.headersDistinct['x-request-id']?.join() ?? '');
      }
    });
  });

  server.on('clientError', (error: ParserError, socket) => {
    const problem = toParserProblem(error);
    const queue = queueOf(socket);
    if (problem === null || queue.isHalfAnswered) socket.destroy();
    else queue.close(() => rejectRequest(socket, problem, incomingIdOf(error)));
  });

  return server;
};

const answerOnce = (handle: RequestListener, request: IncomingMessage, socket: Socket): void => {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once('finish', () => socket.destroySoon());
  handle(request, response);
};
