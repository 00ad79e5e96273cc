import type { Observer } from '../../../application/ports/observer.ts';
import type { HttpProblem } from '../problems/problem.ts';
import { problemBody, problemMediaType, toProblem } from '../problems/problem.ts';
import { requestIdOf } from '../request/request-id.ts';
import type { Context, Middleware } from '../request/request-state.ts';

/** The state of the service that HTTP requests change and depend on. */
export interface Lifecycle {
  /** True from the shutdown signal on: every response then closes its connection, so that clients use another instance. */
  readonly isStopping: boolean;
  /** True while new requests are held: clients keep their connections, so that they open no others meanwhile. */
  readonly isHolding: boolean;
  /** Requests whose responses are not sent completely. */
  requestsInFlight: number;
}

/** Sets the request id, turns every error of the later middleware into a problem, and observes the answered request (an endless one: at the start of its response). */
export const requestContext =
  (lifecycle: Lifecycle, observe: Observer): Middleware =>
  async (ctx, next) => {
    const started = performance.now();
    lifecycle.requestsInFlight += 1;
    const observeRequest = (status: number): void =>
      observe({
        type: 'request',
        requestId: ctx.state.requestId,
        method: ctx.method,
        route: ctx.state.route,
        status,
        milliseconds: performance.now() - started,
        bytes: ctx.length,
        user: ctx.state.token?.user.id ?? null,
        isReplay: ctx.state.isReplay,
      });
    ctx.res.once('close', () => {
      lifecycle.requestsInFlight -= 1;
      if (!isEndless(ctx)) observeRequest(ctx.headerSent ? ctx.status : clientGone);
    });
    ctx.state.requestId = requestIdOf(ctx.get('X-Request-Id'));
    ctx.state.route = 'none';
    ctx.state.token = null;
    ctx.state.stream = null;
    ctx.state.isReplay = false;
    ctx.set('X-Request-Id', ctx.state.requestId);
    ctx.set('Vary', 'Origin');
    try {
      await next();
    } catch (error) {
      const problem = toProblem(error);
      respondWithProblem(ctx, problem);
      if (isServerFailure(problem)) {
        const { requestId } = ctx.state;
        observe({ type: 'failure', requestId, code: problem.code, error });
      }
    }
    if (isEndless(ctx)) observeRequest(ctx.status);
    if (lifecycle.isStopping && !lifecycle.isHolding) ctx.set('Connection', 'close');
  };

/** The client closed the connection before its response; the number that nginx uses. */
const clientGone = 499;

const isEndless = ({ state }: Context): boolean => state.stream?.isEndless === true;

/** 501 and 505 (`malformed_request`) are errors of the client. */
const isServerFailure = ({ status, code }: HttpProblem): boolean =>
  status >= 500 && code !== 'malformed_request';

const respondWithProblem = (ctx: Context, problem: HttpProblem): void => {
  ctx.status = problem.status;
  ctx.set('Cache-Control', 'no-store');
  for (const [name, value] of Object.entries(problem.headers)) ctx.set(name, value);
  ctx.type = problemMediaType;
  ctx.body = problemBody(problem, ctx.state.requestId);
};
