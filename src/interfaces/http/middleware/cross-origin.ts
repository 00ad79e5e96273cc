import cors from '@koa/cors';
import type { Next } from 'koa';
import type { Context, Middleware } from '../request/request-state.ts';
import type { IsAllowedOrigin } from './allowed-origin.ts';
import type { HeaderFields } from './security-headers.ts';

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

/** Names of header fields beside those of the API. */
interface MoreHeaders {
  readonly request: readonly string[];
  readonly exposed: readonly string[];
}

const noMore: MoreHeaders = { request: [], exposed: [] };

/** Access-Control-Max-Age. Browsers cache a preflight response for no longer. */
const maxAgeSeconds = 7200;

/**
 * The CORS header fields (https://fetch.spec.whatwg.org/#http-cors-protocol) of every response that is not one to a preflight, by
 * the `Origin` of its request. The origin is echoed exactly; one that is not allowed has none.
 */
export const crossOriginFields = (
  isAllowedOrigin: IsAllowedOrigin,
  more: MoreHeaders = noMore,
): ((origin: string) => HeaderFields) => {
  const exposedNames = [...exposed, ...more.exposed].join(', ');
  return (origin) =>
    isAllowedOrigin(origin)
      ? [
          ['Access-Control-Allow-Origin', origin],
          ['Access-Control-Allow-Credentials', 'true'],
          ['Access-Control-Expose-Headers', exposedNames],
        ]
      : [];
};

/**
 * Sets {@link crossOriginFields}. A preflight is answered here and needs no token, which it cannot carry. The preflight of an
 * origin that is not allowed is 204 without a CORS header: a browser then reports the origin, where a 401 would send its user
 * looking for a token.
 */
export const crossOrigin = (isAllowedOrigin: IsAllowedOrigin, more: MoreHeaders = noMore): Middleware => {
  const fieldsFor = crossOriginFields(isAllowedOrigin, more);
  const answerPreflight: (ctx: Context, next: Next) => Promise<void> = cors({
    origin: (ctx) => ctx.get('Origin'),
    credentials: true,
    allowMethods: methods.join(', '),
    allowHeaders: [...requestHeaders, ...more.request].join(', '),
    maxAge: maxAgeSeconds,
  });
  return (ctx, next) => {
    const { origin } = ctx.req.headers;
    if (origin === undefined) return next();
    if (!isPreflight(ctx)) {
      for (const [name, value] of fieldsFor(origin)) ctx.set(name, value);
      return next();
    }
    if (isAllowedOrigin(origin)) return answerPreflight(ctx, next);
    ctx.status = 204;
    return Promise.resolve();
  };
};

const isPreflight = (ctx: Context): boolean =>
  ctx.method === 'OPTIONS' && ctx.get('Access-Control-Request-Method') !== '';
