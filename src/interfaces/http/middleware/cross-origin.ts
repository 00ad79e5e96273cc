import cors from '@koa/cors';
import type { Next } from 'koa';
import type { Context, Middleware } from '../request/request-state.ts';
import type { IsAllowedOrigin } from './allowed-origin.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const requestHeaders = [
  'Authorization',
  'Content-Type',
  'If-Match',
  'If-None-Match',
  'Idempotency-Key',
  'Last-Event-ID',
  'X-Request-Id',
];
const exposed = [
  'Content-Disposition',
  'ETag',
  'Idempotent-Replayed',
  'Link',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Request-Id',
  'X-Total-Count',
];

/** Access-Control-Max-Age. Browsers cache a preflight response for no longer. */
const maxAgeSeconds = 7200;

/**
 * CORS (https://fetch.spec.whatwg.org/#http-cors-protocol) for the allowed origins, each echoed exactly. A preflight is
 * answered here and needs no token, which it cannot carry. The preflight of any other origin is 204 without a CORS
 * header: a browser then reports the origin, where a 401 would send its user looking for a token.
 */
export const crossOrigin = (isAllowedOrigin: IsAllowedOrigin): Middleware => {
  const allow: (ctx: Context, next: Next) => Promise<void> = cors({
    origin: (ctx) => ctx.get('Origin'),
    credentials: true,
    allowMethods: methods.join(', '),
    allowHeaders: requestHeaders.join(', '),
    exposeHeaders: exposed.join(', '),
    maxAge: maxAgeSeconds,
    keepHeadersOnError: false, // errors are handled by requestContext, which keeps the header fields set here
  });
  return (ctx, next) => {
    const { origin } = ctx.req.headers;
    if (origin === undefined) return next();
    if (isAllowedOrigin(origin)) return allow(ctx, next);
    if (!isPreflight(ctx)) return next();
    ctx.status = 204;
    return Promise.resolve();
  };
};

const isPreflight = (ctx: Context): boolean =>
  ctx.method === 'OPTIONS' && ctx.req.headers['access-control-request-method'] !== undefined;
