import type { Middleware } from '../request-state.ts';

/** Applies a middleware to a path and everything below it, whether or not there is a route. */
export const under =
  (prefix: string, middleware: Middleware): Middleware =>
  async (ctx, next) => {
    if (isUnder(prefix, ctx.path)) await middleware(ctx, next);
    else await next();
  };

/** Whether a path is the prefix, or below it. */
export const isUnder = (prefix: string, path: string): boolean =>
  path === prefix || path.startsWith(`${prefix}/`);
