import { HttpProblem } from '../problem.ts';
import type { Middleware } from '../request-state.ts';

/** Refuses a path whose escapes are broken, or are no UTF-8 (RFC 3986, section 2.1). */
export const decodable: Middleware = (ctx, next) => {
  if (ctx.path.includes('%')) {
    try {
      decodeURIComponent(ctx.path);
    } catch {
      throw new HttpProblem('malformed_request', 'The path has a broken percent-escape.');
    }
  }
  return next();
};
