import { IncomingMessage, ServerResponse, type IncomingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import Koa from 'koa';
import type {
  Context,
  Middleware,
  RequestState,
} from '../../../src/interfaces/http/request/request-state.ts';

const app = new Koa<RequestState>();

interface ContextOptions {
  readonly url?: string;
  readonly headers?: IncomingHttpHeaders;
  readonly body?: string;
}

/** The Koa context of a GET request that was received completely, body included, without a connection. */
export const httpContext = ({ url = '/', headers = {}, body = '' }: ContextOptions): Context => {
  const request = new IncomingMessage(new Socket());
  request.method = 'GET';
  request.url = url;
  request.httpVersion = '1.1';
  Object.assign(request.headers, { 'content-length': String(Buffer.byteLength(body)) }, headers);
  request.rawHeaders = [
    'Host',
    'a',
    ...Object.entries(headers).flatMap(([name, value]) => [name, String(value)]),
  ];
  request.complete = true;
  request.push(body);
  request.push(null);
  const ctx: Context = app.createContext(request, new ServerResponse(request));
  ctx.state.requestId = 'request-1';
  return ctx;
};

/** Runs the middleware for this context; `next` does nothing. */
export const runMiddleware = async (middleware: Middleware, ctx: Context): Promise<void> => {
  await middleware(ctx, () => Promise.resolve());
};
