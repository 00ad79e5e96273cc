import { HttpProblem } from '../problems/problem.ts';
import type { Middleware } from '../request/request-state.ts';
import type { IsAllowedOrigin } from '../middleware/allowed-origin.ts';

/**
 * Throws 403 where a page of another origin sends the request. Against DNS rebinding, where a browser takes the service for the
 * server of that page, CORS does not help. Programs send no `Origin`.
 */
export const requireAllowedOrigin =
  (isAllowedOrigin: IsAllowedOrigin): Middleware =>
  (ctx, next) => {
    const { origin } = ctx.req.headers;
    if (origin !== undefined && !isAllowedOrigin(origin))
      throw new HttpProblem('malformed_request', 'The Origin is not one of the allowed origins.', {
        status: 403,
      });
    return next();
  };
