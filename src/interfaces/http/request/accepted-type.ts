import type { Context } from './request-state.ts';

/**
 * The media type out of `types` that the client prefers (RFC 9110, section 12.5.1); false where it accepts none.
 *
 * Koa's negotiator looks for the end of a quoted string once for every separator in it, which takes quadratic time. None of
 * `types` has a separator in a parameter, so a blank in its place makes no difference, except to the time.
 */
export const acceptedType = (ctx: Context, types: readonly string[]): string | false => {
  const { accept } = ctx.req.headers;
  if (accept?.includes('"') === true) {
    ctx.req.headers.accept = accept.replaceAll(quoted, (text) => text.replaceAll(separators, ' '));
  }
  return ctx.accepts(...types);
};

/** A quoted string as the negotiator counts quotes, without escapes; the last one may have no end. */
const quoted = /"[^"]*"?/g;
const separators = /[,;]/g;
