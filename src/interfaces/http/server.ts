import {
  createServer,
  ServerResponse,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { Socket } from 'node:net';
import { refuse, toParserProblem } from './refusal.ts';
import type { HeaderFields } from './security-headers.ts';

export interface ServerOptions {
  /** The fields that every answer carries, those included that are given before a request is understood. */
  readonly headers: HeaderFields;
}

/** 16 KiB of header fields, and room for the request line. */
const maxHeaderSize = 16 * 1024 + 512;

/** How long the rest of a body is read, and thrown away, once its answer is given: a client still sending sees it. */
const lingerMilliseconds = 1_000;

/** Node's server, with an answer of ours for everything that it would answer by itself. */
export const createHttpServer = (handle: RequestListener, { headers }: ServerOptions): Server => {
  const answering = new WeakMap<Socket, ServerResponse>();

  const receive: RequestListener = (request, response) => {
    answering.set(request.socket, response);
    response.once('finish', () => {
      if (!request.complete) linger(request);
    });
    handle(request, response);
  };

  const server = createServer(
    {
      maxHeaderSize,
      requireHostHeader: false, // checked where the answer can be a problem
      headersTimeout: 10_000,
      requestTimeout: 20_000,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: 72_000, // longer than the 60 s of common load balancers, so that they hang up first
    },
    receive,
  );

  server.on('checkContinue', (request, response) => {
    response.shouldKeepAlive = false; // a body that was announced and not asked for may or may not follow
    receive(request, response);
  });

  server.on('checkExpectation', receive); // answered where the answer can be a problem

  server.on('connect', (request, socket) => {
    if (!(socket instanceof Socket)) return;
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => socket.destroySoon());
    handle(request, response);
  });

  server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket) => {
    const problem = toParserProblem(error.code ?? '', error.rawPacket);
    const response = socket instanceof Socket ? answering.get(socket) : undefined;
    if (problem === null || (response?.headersSent === true && !response.writableFinished)) {
      socket.destroy();
    } else if (response?.req.complete === true && !response.writableFinished) {
      // The request before this one was good, and its answer comes first.
      response.once('finish', () => refuse(socket, problem, headers));
    } else {
      refuse(socket, problem, headers);
    }
  });

  return server;
};

const linger = (request: IncomingMessage): void => {
  request.unpipe().resume();
  const timer = setTimeout(() => request.socket.destroy(), lingerMilliseconds);
  request.once('close', () => clearTimeout(timer));
};
