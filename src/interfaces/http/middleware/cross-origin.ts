import cors from '@koa/cors';
import type { Next } from 'koa';
import type { Context, Middleware } from '../request-state.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const requestHeaders = [
  'Authorization',
  'Content-Type',
  'If-Match',
  'If-None-Match',
  'Idempotency-Key',
  'X-Request-Id',
];
const exposed = ['ETag', 'Link', 'Location', 'Retry-After', 'RateLimit', 'RateLimit-Policy', 'X-Request-Id'];

/** How long a browser may remember a preflight's answer, in seconds; none does for longer than this. */
const maxAge = 7200;

/**
 * CORS (https://fetch.spec.whatwg.org/#http-cors-protocol) for these origins and no other. A preflight is answered
 * here, whoever asks: it cannot bring a token. To an origin that is not configured the answer allows nothing, and that
 * is how a browser wants to hear no; a 401 would send its user looking for a token that is not what is missing.
 */
export const crossOrigin = (origins: readonly string[]): Middleware => {
  const known = new Set(origins);
  const allow: (ctx: Context, next: Next) => Promise<void> = cors({
    origin: (ctx) => ctx.get('Origin'),
    credentials: true,
    allowMethods: methods.join(', '),
    allowHeaders: requestHeaders.join(', '),
    exposeHeaders: exposed.join(', '),
    maxAge,
    keepHeadersOnError: false, // errors are answered further out, and what is set here stays
  });
  return (ctx, next) => {
    const { origin } = ctx.req.headers;
    if (origin === undefined) return next();
    if (known.has(origin)) return allow(ctx, next);
    if (!isPreflight(ctx)) return next();
    ctx.status = 204;
    return Promise.resolve();
  };
};

const isPreflight = (ctx: Context): boolean =>
  ctx.method === 'OPTIONS' && ctx.req.headers['access-control-request-method'] !== undefined;
