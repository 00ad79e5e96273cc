import type { Observer } from '../../../application/ports/observer.ts';
import type { Allowance, RateLimiter } from '../../../application/ports/rate-limiter.ts';
import { clientAddress, type Proxies } from '../request/client-address.ts';
import { details } from '../problems/catalogue.ts';
import { HttpProblem } from '../problems/problem.ts';
import type { Middleware } from '../request/request-state.ts';

/** Limits requests of an address, with or without a token, before tokens are checked. Throws 429 `rate_limited`. */
export const limitAddress =
  (limiter: RateLimiter, proxies: Proxies, observe: Observer): Middleware =>
  async (ctx, next) => {
    const allowance = await limiter.take(clientAddress(ctx.req, proxies));
    if (!allowance.allowed) {
      observe({ type: 'rate_limited', requestId: ctx.state.requestId, scope: 'address' });
      throw tooMany(allowance);
    }
    await next();
  };

/** Limits requests of a user, and sets the RateLimit fields (draft-ietf-httpapi-ratelimit-headers-10). Throws 429. */
export const limitUser = (limiter: RateLimiter, observe: Observer): Middleware => {
  const policy = `"default";q=${limiter.rule.max};w=${limiter.rule.windowSeconds}`;
  return async (ctx, next) => {
    const { token } = ctx.state;
    if (token === null) throw new Error('limitUser must run after authenticate');
    const allowance = await limiter.take(token.user.id);
    ctx.set('RateLimit-Policy', policy);
    ctx.set('RateLimit', `"default";r=${allowance.remaining};t=${allowance.resetSeconds}`);
    if (!allowance.allowed) {
      observe({ type: 'rate_limited', requestId: ctx.state.requestId, scope: 'user' });
      throw tooMany(allowance);
    }
    await next();
  };
};

const tooMany = ({ resetSeconds }: Allowance): HttpProblem =>
  new HttpProblem('rate_limited', details.rate_limited(resetSeconds), {
    headers: { 'Retry-After': String(resetSeconds) },
  });
