import type { Middleware } from '../request-state.ts';
import type { HeaderFields } from '../security-headers.ts';

/** Header fields that every answer carries. */
export const fixedHeaders =
  (fields: HeaderFields): Middleware =>
  (ctx, next) => {
    for (const [name, value] of fields) ctx.res.setHeader(name, value);
    return next();
  };
