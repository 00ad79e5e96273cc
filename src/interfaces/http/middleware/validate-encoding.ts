import { details } from '../problems/catalogue.ts';
import { HttpProblem } from '../problems/problem.ts';
import type { Middleware } from '../request/request-state.ts';

/** Throws 400 for a path with percent-escapes that are malformed or no UTF-8 (RFC 3986, section 2.1). */
export const validateEncoding: Middleware = (ctx, next) => {
  requireValidEncoding('path', ctx.path);
  return next();
};

/** Throws `malformed_request` if this part of the request target has such an escape. */
export const requireValidEncoding = (part: 'path' | 'query', text: string): void => {
  if (!text.includes('%')) return;
  try {
    decodeURIComponent(text);
  } catch {
    throw new HttpProblem('malformed_request', details.malformed_request(part));
  }
};
