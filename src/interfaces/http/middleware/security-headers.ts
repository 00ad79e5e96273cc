import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import Koa from 'koa';
import helmet from 'koa-helmet';
import type { Middleware } from '../request/request-state.ts';

/** Header fields, ready to be set. */
export type HeaderFields = readonly (readonly [name: string, value: string])[];

/**
 * The security header fields (X-Content-Type-Options, Strict-Transport-Security, Content-Security-Policy, Referrer-Policy,
 * X-Frame-Options and others) as helmet sets them for an API that serves no page and must not be framed. They are the
 * same for every response, so they are computed once; responses that are sent before Koa is reached carry them too.
 */
export const securityHeaders = async (): Promise<HeaderFields> => {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  const ctx = new Koa().createContext(request, response);
  await helmet(policy)(ctx, () => Promise.resolve());
  return Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)] as const);
};

/** Sets these fields on every response. */
export const setSecurityHeaders =
  (fields: HeaderFields): Middleware =>
  (ctx, next) => {
    for (const [name, value] of fields) ctx.res.setHeader(name, value);
    return next();
  };

const none = ["'none'"];

const policy: Parameters<typeof helmet>[0] = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: none, baseUri: none, formAction: none, frameAncestors: none },
  },
  frameguard: { action: 'deny' },
  // These concern pages, plug-ins and old browsers; no client of an API reads them.
  crossOriginOpenerPolicy: false,
  dnsPrefetchControl: false,
  ieNoOpen: false,
  originAgentCluster: false,
  permittedCrossDomainPolicies: false,
  xssFilter: false,
};
