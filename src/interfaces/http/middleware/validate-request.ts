import type { IncomingMessage } from 'node:http';
import { preRoutingProblem, HttpProblem } from '../problems/problem.ts';
import type { Middleware } from '../request/request-state.ts';

/**
 * Rejects what Node accepts and RFC 9112 does not: versions other than 1.0 and 1.1 (section 2.3), a request of 1.1 without
 * exactly one Host (section 3.2), an expectation other than 100-continue (RFC 9110, section 10.1.1). Unreserved characters
 * of the path are unescaped (RFC 3986, section 6.2.2.2), so that every spelling of a path is routed alike.
 */
export const validateRequest: Middleware = (ctx, next) => {
  const { httpVersion, headers } = ctx.req;
  if (httpVersion !== '1.1' && httpVersion !== '1.0') throw preRoutingProblem(505);
  const hosts = countHeader(ctx.req, 'host');
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) {
    throw new HttpProblem('malformed_request', 'The request must have one Host header.');
  }
  const { expect = '100-continue' } = headers;
  if (httpVersion === '1.1' && !/^100-continue$/i.test(expect)) throw preRoutingProblem(417);
  if (ctx.path.includes('%')) ctx.path = unescapeUnreserved(ctx.path);
  return next();
};

/** The number of header fields of this name; Node's own object keeps only one of them. */
export const countHeader = (request: IncomingMessage, name: string): number => {
  let count = 0;
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    if (
      request.rawHeaders[index]?.length === name.length &&
      request.rawHeaders[index]?.toLowerCase() === name
    ) {
      count += 1;
    }
  }
  return count;
};

// A broken escape is skipped with both of its characters: unescaping a part of `%2%35` would create a valid escape.
const unescapeUnreserved = (path: string): string =>
  path.replaceAll(/%.{2}/gs, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : escape;
  });
