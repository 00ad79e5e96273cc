import {
  createServer,
  ServerResponse,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { Socket } from 'node:net';
import { owedAnswers } from './owed-answers.ts';
import { earlyRefusal } from './problem.ts';
import { refuse, toParserProblem, type ParserError } from './refusal.ts';
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
  const owed = owedAnswers();

  const receive: RequestListener = (request, response) => {
    owed.add(response);
    response.once('finish', () => {
      if (!request.complete) linger(request);
    });
    handle(request, response);
  };

  const receiveExpecting: RequestListener = (request, response) => {
    response.shouldKeepAlive = false; // a body that was announced and not asked for may or may not follow
    receive(request, response);
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

  server.on('checkContinue', receiveExpecting);
  server.on('checkExpectation', receiveExpecting); // answered where the answer can be a problem

  // Node is done with such a connection, and leaves it to us with its errors.
  server.on('connect', (request, socket) => {
    socket.on('error', () => socket.destroy());
    owed.after(socket, () => {
      if (socket instanceof Socket && request.url?.startsWith('/') === true) {
        answerOnce(handle, request, socket);
      } else {
        refuse(socket, earlyRefusal(501), headers);
      }
    });
  });

  server.on('clientError', (error: ParserError, socket) => {
    const problem = toParserProblem(error);
    if (problem === null || owed.isHalfSent(socket)) socket.destroy();
    else owed.after(socket, () => refuse(socket, problem, headers));
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

const linger = (request: IncomingMessage): void => {
  request.unpipe().resume();
  const timer = setTimeout(() => request.socket.destroy(), lingerMilliseconds);
  request.once('close', () => clearTimeout(timer));
};
