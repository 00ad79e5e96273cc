import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import Koa from 'koa';
import helmet from 'koa-helmet';

/** Header fields, ready to be set. */
export type HeaderFields = readonly (readonly [name: string, value: string])[];

/**
 * What helmet sets for an API that serves no page and is framed by nobody. They are the same for every answer, so
 * they are asked for once; what the HTTP layer answers before Koa is reached carries them too.
 */
export const securityHeaders = async (): Promise<HeaderFields> => {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  const ctx = new Koa().createContext(request, response);
  await helmet(policy)(ctx, () => Promise.resolve());
  return Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)] as const);
};

const none = ["'none'"];

const policy: Parameters<typeof helmet>[0] = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: none, baseUri: none, formAction: none, frameAncestors: none },
  },
  frameguard: { action: 'deny' },
  // Fields that speak to pages, plug-ins and browsers long gone; every answer would carry them for nobody.
  crossOriginOpenerPolicy: false,
  dnsPrefetchControl: false,
  ieNoOpen: false,
  originAgentCluster: false,
  permittedCrossDomainPolicies: false,
  xssFilter: false,
};
