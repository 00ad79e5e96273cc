import { HttpProblem } from '../problem.ts';
import type { Middleware } from '../request-state.ts';

/** Refuses a path whose escapes are broken, or are no UTF-8 (RFC 3986, section 2.1). */
export const decodable: Middleware = (ctx, next) => {
  requireDecodable('path', ctx.path);
  return next();
};

/** Throws `malformed_request` where this part of the target has such an escape. */
export const requireDecodable = (part: 'path' | 'query', text: string): void => {
  if (!text.includes('%')) return;
  try {
    decodeURIComponent(text);
  } catch {
    throw new HttpProblem('malformed_request', `The ${part} has a broken percent-escape.`);
  }
};
