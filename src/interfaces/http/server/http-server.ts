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
import { preRoutingProblem, type HttpProblem } from '../problems/problem.ts';
import {
  closeWithProblem,
  failedFieldOf,
  toParserProblem,
  type ParserError,
  type ReadableField,
} from './connection-errors.ts';
import { requestIdOf } from '../request/request-id.ts';
import type { HeaderFields } from '../middleware/security-headers.ts';
import { openConnections } from './open-connections.ts';
import { RequestQueue } from './request-queue.ts';

export interface ServerOptions {
  /** Header fields of every response, including responses to requests that could not be parsed. */
  readonly headers: HeaderFields;
  /** Header fields of responses to an `Origin`, for requests that are not routed. Default: none. */
  readonly fieldsForOrigin?: (origin: string) => HeaderFields;
  readonly observe: Observer;
  /** Maximum number of connections; further ones are dropped. From 90 % of it on, idle ones are closed for new ones. */
  readonly maxConnections: number;
  /** Maximum number of connections per address, IPv6 by /64; further ones are dropped. Default 0: no limit. */
  readonly maxConnectionsPerAddress?: number;
  /** Whether an address is that of a proxy, to which the limit per address does not apply. Default: none. */
  readonly isProxy?: (address: string) => boolean;
  readonly timeouts?: Timeouts;
}

/** Timeouts for clients. */
interface Timeouts {
  /** To send the header fields. */
  readonly headersMs: number;
  /** To send all of a request. */
  readonly requestMs: number;
  /** To receive or send the next byte during a request. */
  readonly inactivityMs: number;
  /** To send the next request over the same connection. */
  readonly keepAliveMs: number;
  /** Minimum idle time before a connection is closed for a new one. */
  readonly minIdleMs: number;
}

/** Timeouts for requests that can take `requestTimeoutMs` until the first byte of the response. */
export const timeoutsFor = (requestTimeoutMs: number): Timeouts => ({
  ...defaultTimeouts,
  inactivityMs: Math.max(defaultTimeouts.inactivityMs, requestTimeoutMs + 5_000),
});

const defaultTimeouts: Timeouts = {
  headersMs: 10_000,
  requestMs: 20_000,
  inactivityMs: 30_000,
  keepAliveMs: 72_000, // longer than the 60 s of common load balancers, so that they close the connection first
  minIdleMs: 1_000, // a request may be in transit
};

/** 16 KiB of header fields, and 512 bytes for the request line. */
const maxHeaderSize = 16 * 1024 + 512;

/** Node's HTTP server. Errors that Node would answer by itself are answered as problems. */
export const createHttpServer = (handle: RequestListener, options: ServerOptions): Server => {
  const { headers, observe, maxConnections, timeouts = defaultTimeouts } = options;
  const { fieldsForOrigin = () => [] } = options;
  const drop = (reason: DropReason): void => observe({ type: 'connection_dropped', reason });
  const connections = openConnections(
    {
      max: maxConnections,
      maxPerAddress: options.maxConnectionsPerAddress ?? 0,
      isProxy: options.isProxy ?? (() => false),
      minIdleMs: timeouts.minIdleMs,
    },
    drop,
  );
  const queues = new WeakMap<Duplex, RequestQueue>();

  const queueOf = (socket: Duplex): RequestQueue => {
    const queue = queues.get(socket);
    if (queue === undefined) throw new Error('The connection was not accepted');
    return queue;
  };

  const rejectRequest = (
    socket: Duplex,
    problem: HttpProblem,
    fieldOf: (name: ReadableField) => string,
  ): void => {
    observe({ type: 'request_rejected', status: problem.status });
    const fields = [...headers, ...fieldsForOrigin(fieldOf('origin'))];
    closeWithProblem(socket, problem, fields, requestIdOf(fieldOf('x-request-id')));
  };

  const receive: RequestListener = ({ socket }, response) => queueOf(socket).add(response);

  const receiveExpecting: RequestListener = (request, response) => {
    response.shouldKeepAlive = false; // the client may or may not send the body without 100 (Continue)
    receive(request, response);
  };

  const server = createServer(
    {
      maxHeaderSize,
      requireHostHeader: false, // checked in validateRequest, which answers with a problem
      headersTimeout: timeouts.headersMs,
      requestTimeout: timeouts.requestMs,
      connectionsCheckingInterval: Math.min(1_000, timeouts.headersMs),
      keepAliveTimeout: timeouts.keepAliveMs,
    },
    receive,
  );
  server.timeout = timeouts.inactivityMs;
  server.maxConnections = maxConnections;
  // A client that closes its side of the connection after the request is still answered (RFC 9112, section 9.6).
  Object.assign(server, { httpAllowHalfOpen: true }); // exists in Node, but is not documented
  server.on('connection', (socket) => {
    const activity = connections.accept(socket);
    queues.set(socket, new RequestQueue(socket, handle, activity));
  });
  server.on('drop', () => {
    connections.closeSomeIdle();
    drop('limit');
  });

  server.on('checkContinue', receiveExpecting);
  server.on('checkExpectation', receiveExpecting); // checked in validateRequest

  // After CONNECT Node passes the connection on and no longer handles its errors.
  server.on('connect', (request, socket) => {
    socket.on('error', () => socket.destroy());
    queueOf(socket).close(() => {
      if (socket instanceof Socket && request.url?.startsWith('/') === true) {
        answerOnce(handle, request, socket);
      } else {
        rejectRequest(socket, preRoutingProblem(501), fieldsOf(request));
      }
    });
  });

  server.on('clientError', (error: ParserError, socket) => {
    const problem = toParserProblem(error);
    const queue = queueOf(socket);
    const fieldOf = queue.incomplete
      ? fieldsOf(queue.incomplete)
      : (name: ReadableField) => failedFieldOf(error, name);
    if (problem === null || queue.isHalfAnswered) socket.destroy();
    else queue.close(() => rejectRequest(socket, problem, fieldOf));
  });

  return server;
};

const fieldsOf =
  ({ headersDistinct }: IncomingMessage) =>
  (name: ReadableField): string =>
    headersDistinct[name]?.join() ?? '';

const answerOnce = (handle: RequestListener, request: IncomingMessage, socket: Socket): void => {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once('finish', () => socket.destroySoon());
  handle(request, response);
};
