import type { Router } from '@koa/router';
import type { RequestDeadline } from '../../../application/ports/request-deadline.ts';
import { requestTimeout } from '../middleware/request-timeout.ts';
import { noBody, readJson, type JsonObject } from '../request/body-parser.ts';
import type { Context, RequestState } from '../request/request-state.ts';
import { answerWithoutEndpoint } from '../routing/mount-endpoints.ts';
import { insufficientScope } from '../routing/require-scope.ts';
import type { EventStreams } from '../streams/event-streams.ts';
import type { MountedAnswer, MountedHandler } from './mounted-handler.ts';
import type { ProtectedResource } from './protected-resource.ts';

interface MountOptions {
  readonly deadline: RequestDeadline;
  readonly eventStreams: EventStreams;
  readonly resource: ProtectedResource;
}

/** Adds the handler to the router. Every method but POST and OPTIONS is 405. */
export const mountHandler = (
  router: Router<RequestState>,
  handler: MountedHandler,
  { deadline, eventStreams, resource }: MountOptions,
): void => {
  const headerNames = ['accept', ...handler.requestHeaders.map((name) => name.toLowerCase())];
  const limited = requestTimeout(deadline);

  /** Only the arrival of the body: the handler limits its own work, so that a timeout has the form of its protocol. */
  const readBody = async (ctx: Context): Promise<JsonObject> => {
    let body = noBody;
    await limited(ctx, async () => {
      body = await readJson(ctx);
    });
    return body.json ?? {};
  };

  router.all(handler.path, async (ctx) => {
    const { token, requestId } = ctx.state;
    if (token === null) throw new Error(`${handler.path} must be mounted after authenticate`);
    ctx.state.route = handler.path;
    if (ctx.method !== 'POST') {
      answerWithoutEndpoint(ctx, 'OPTIONS, POST');
      return;
    }
    ctx.set('Cache-Control', 'no-store');
    const body = await readBody(ctx);
    const answer = await handler.answer({
      headers: headersOf(ctx, headerNames),
      body,
      token,
      requestId,
    });
    switch (answer.outcome) {
      case 'response':
        respond(ctx, answer);
        return;
      case 'stream':
        eventStreams.pipe(ctx, token, answer.stream);
        return;
      case 'insufficient_scope':
        throw insufficientScope(answer.needed, resource.challenge(ctx));
    }
  });
};

const headersOf = ({ req }: Context, names: readonly string[]): Record<string, string> =>
  Object.fromEntries([
    ['content-type', 'application/json'],
    ...names.flatMap((name) => {
      const value = req.headers[name];
      return value === undefined ? [] : [[name, String(value)] as const];
    }),
  ]);

const respond = (
  ctx: Context,
  { status, contentType, body, isReplay }: Extract<MountedAnswer, { outcome: 'response' }>,
): void => {
  ctx.status = status;
  ctx.state.isReplay = isReplay;
  if (contentType === undefined) return;
  ctx.set('Content-Type', contentType);
  ctx.body = body;
};
