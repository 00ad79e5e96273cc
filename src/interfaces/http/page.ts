import type { Router } from '@koa/router';
import { withoutEndpoint } from './mount.ts';
import type { Context, RequestState } from './request-state.ts';

/** Puts something into the router that can only be read, by anyone. */
export const page = (
  router: Router<RequestState>,
  path: string,
  answer: (ctx: Context) => void | Promise<void>,
): void => {
  router.all(path, async (ctx) => {
    ctx.state.route = path;
    if (ctx.method === 'GET' || ctx.method === 'HEAD') await answer(ctx);
    else withoutEndpoint(ctx, 'GET, HEAD, OPTIONS');
  });
};
