import type { IncomingMessage } from 'node:http';
import type { Context } from '../request/request-state.ts';
import type { Route } from '../routing/page.ts';
import type { PublicUrl } from '../routing/public-url.ts';

interface ResourceOptions {
  readonly path: string;
  readonly publicUrl: PublicUrl;
  /** The URL of the issuer of tokens; undefined where it is not configured. */
  readonly issuer: string | undefined;
}

/** How clients find the issuer of the tokens for a path (OAuth 2.0 Protected Resource Metadata, RFC 9728). */
export interface ProtectedResource {
  /** The documents: at the well-known path with the path of the resource behind it (section 3.1), and without it. */
  readonly pages: readonly Route[];
  /** The parameter of `WWW-Authenticate` that leads to the document (section 5.1). */
  readonly challenge: (ctx: Context) => string;
}

const wellKnown = '/.well-known/oauth-protected-resource';

export const protectedResource = ({ path, publicUrl, issuer }: ResourceOptions): ProtectedResource => {
  const baseOf = (ctx: Context): string =>
    publicUrl.origin === '' ? localOrigin(ctx.req) : publicUrl.origin + publicUrl.path;

  const answer = (ctx: Context): void => {
    ctx.set('Cache-Control', 'no-cache');
    ctx.type = 'application/json';
    ctx.body = JSON.stringify({
      resource: baseOf(ctx) + path,
      ...(issuer === undefined ? {} : { authorization_servers: [issuer] }),
      scopes_supported: ['tasks:read', 'tasks:write'],
      bearer_methods_supported: ['header'],
      resource_name: 'Taskhold',
    });
  };

  return {
    pages: [wellKnown + path, wellKnown].map((one) => ({ path: one, answer })),
    challenge: (ctx) => `resource_metadata="${baseOf(ctx)}${wellKnown}${path}"`,
  };
};

/**
 * Without `PUBLIC_URL`, which production requires: the address on which the request arrived. `Host` counts only where it is a
 * name of this machine with the right port, because a client could forge any other one.
 */
const localOrigin = ({ headers, socket }: IncomingMessage): string => {
  const port = socket.localPort ?? 0;
  const local = [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`];
  const host = local.find((one) => one === headers.host) ?? `127.0.0.1:${port}`;
  return `http://${host}`;
};
