import type { Observer } from '../../../application/ports/observer.ts';
import type { TokenVerifier } from '../../../application/ports/token-verifier.ts';
import { details } from '../problems/catalogue.ts';
import { HttpProblem } from '../problems/problem.ts';
import type { Context, Middleware } from '../request/request-state.ts';
import { countHeader } from './validate-request.ts';

const scheme = /^bearer(?: |$)/i;
const credentials = /^bearer +([\w.~+/-]+=*)$/i; // RFC 6750, section 2.1

/**
 * Authenticates the bearer token (RFC 6750) and stores its content in `ctx.state.token`; throws 401 or 503 otherwise. `parameterOf`
 * makes another parameter of `WWW-Authenticate`.
 */
export const authenticate =
  (verifier: TokenVerifier, observe: Observer, parameterOf?: (ctx: Context) => string): Middleware =>
  async (ctx, next) => {
    const unauthenticated = (refusal: Refusal): HttpProblem => refused(refusal, parameterOf?.(ctx));
    ctx.set('Vary', 'Origin, Authorization');
    const header = ctx.get('Authorization');
    if (!scheme.test(header) || header.length <= 'bearer '.length) throw unauthenticated(missing);
    const token = credentials.exec(header)?.[1];
    if (token === undefined || countHeader(ctx.req, 'authorization') > 1) throw unauthenticated(bad);

    const verdict = await verifier.verify(token);
    switch (verdict.outcome) {
      case 'verified':
        ctx.state.token = verdict;
        await next();
        return;
      case 'refused':
        observe({ type: 'token_refused', requestId: ctx.state.requestId, reason: verdict.reason });
        throw unauthenticated(bad);
      case 'unavailable':
        observe({
          type: 'token_verifier_unavailable',
          requestId: ctx.state.requestId,
          reason: verdict.reason,
        });
        throw new HttpProblem('unavailable', 'Tokens cannot be checked at the moment; try again shortly.', {
          headers: { 'Retry-After': String(verdict.retryAfterSeconds) },
          cause: verdict.reason,
        });
    }
  };

interface Refusal {
  readonly detail: string;
  readonly challenge: string;
}

const missing: Refusal = {
  detail: 'Send a token: Authorization: Bearer <JWT>.',
  challenge: 'Bearer realm="taskhold"',
};
const bad: Refusal = {
  detail: details.unauthenticated,
  challenge: 'Bearer realm="taskhold", error="invalid_token"',
};

const refused = ({ detail, challenge }: Refusal, parameter: string | undefined): HttpProblem =>
  new HttpProblem('unauthenticated', detail, {
    headers: { 'WWW-Authenticate': parameter === undefined ? challenge : `${challenge}, ${parameter}` },
  });
