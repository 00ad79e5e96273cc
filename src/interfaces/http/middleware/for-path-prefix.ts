import type { Middleware } from '../request/request-state.ts';

/** Applies a middleware to a path and everything below it, whether or not there is a route. */
export const forPathPrefix =
  (prefix: string, middleware: Middleware): Middleware =>
  async (ctx, next) => {
    if (hasPathPrefix(prefix, ctx.path)) await middleware(ctx, next);
    else await next();
  };

/** Applies a middleware to every path but this one and those below it. */
export const exceptPathPrefix =
  (prefix: string, middleware: Middleware): Middleware =>
  async (ctx, next) => {
    if (hasPathPrefix(prefix, ctx.path)) await next();
    else await middleware(ctx, next);
  };

/** Whether a path is the prefix, or below it. */
export const hasPathPrefix = (prefix: string, path: string): boolean =>
  path === prefix || path.startsWith(`${prefix}/`);
