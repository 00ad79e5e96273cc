import type { Middleware } from '../request-state.ts';

/** Applies a middleware to a path and everything below it, whether or not there is a route. */
export const under =
  (prefix: string, middleware: Middleware): Middleware =>
  async (ctx, next) => {
    if (ctx.path === prefix || ctx.path.startsWith(`${prefix}/`)) await middleware(ctx, next);
    else await next();
  };
