import type { Router, RouterMiddleware } from '@koa/router';
import type { User } from '../../../domain/user.ts';
import { readJson, readOptionalJson, type JsonObject } from '../request/body-parser.ts';
import type { ApiResource, Endpoint } from './endpoint.ts';
import { readIfMatch } from './entity-tag.ts';
import type { UrlScheme } from './url-scheme.ts';
import { requireValidEncoding } from '../middleware/validate-encoding.ts';
import { details } from '../problems/catalogue.ts';
import { HttpProblem } from '../problems/problem.ts';
import { acceptedType } from '../request/accepted-type.ts';
import type { Context, RequestState } from '../request/request-state.ts';
import { jsonMediaType, respond } from './respond.ts';

/**
 * Adds the endpoints to the router, under each of their URL schemes. No other code parses requests to endpoints. `publicPath`
 * is the path of `PUBLIC_URL`, which the proxy removes from requests.
 */
export const mountEndpoints = (
  router: Router<RequestState>,
  { urlSchemes, endpoints }: ApiResource,
  publicPath: string,
): void => {
  for (const urlScheme of urlSchemes) {
    for (const [path, methods] of Map.groupBy(endpoints, (endpoint) => endpoint.path)) {
      const template = urlScheme.template + path;
      router.all(toRoute(template), resource(template, urlScheme, methods, publicPath));
    }
  }
};

/** A template in the syntax of the router. */
const toRoute = (template: string): string => template.replaceAll(/\{(\w+)\}/g, ':$1');

const resource = (
  template: string,
  urlScheme: UrlScheme,
  endpoints: readonly Endpoint[],
  publicPath: string,
): RouterMiddleware<RequestState> => {
  const byMethod = new Map<string, Endpoint>(endpoints.map((endpoint) => [endpoint.method, endpoint]));
  const get = byMethod.get('GET');
  if (get !== undefined) byMethod.set('HEAD', get);
  const allow = [...byMethod.keys(), 'OPTIONS'].sort().join(', ');

  return async (ctx) => {
    ctx.state.route = template;
    const user = userOf(ctx);
    urlScheme.authorize(user, ctx.params);
    ctx.set('Cache-Control', 'private, no-cache');
    const endpoint = byMethod.get(ctx.method);
    if (endpoint === undefined) {
      answerWithoutEndpoint(ctx, allow);
      return;
    }
    if (!acceptsJson(ctx)) throw new HttpProblem('not_acceptable', details.not_acceptable);
    const { querystring } = ctx;
    requireValidEncoding('query', querystring);
    const representation = await endpoint.answer({
      user,
      params: ctx.params,
      basePath: publicPath + urlScheme.path(user),
      ifMatch: endpoint.conditional === 'If-Match' ? readIfMatch(ctx.req.headers['if-match']) : undefined,
      search: querystring === '' ? emptySearch : new URLSearchParams(querystring),
      body: endpoint.body === undefined ? undefined : await readBodyOf(ctx, endpoint.body.need),
    });
    respond(ctx, representation);
  };
};

const emptySearch = new URLSearchParams();

const userOf = (ctx: Context): User => {
  if (ctx.state.user === null) throw new Error(`${ctx.state.route} must be mounted after authenticate`);
  return ctx.state.user;
};

/** OPTIONS (RFC 9110, section 9.3.7), or a method that this path does not have. */
export const answerWithoutEndpoint = (ctx: Context, allow: string): void => {
  if (ctx.method !== 'OPTIONS') {
    throw new HttpProblem('method_not_allowed', details.method_not_allowed(allow), {
      headers: { Allow: allow },
    });
  }
  ctx.set('Allow', allow);
  ctx.status = 204;
};

/** Clients ask for JSON with or without the charset that responses carry; both are accepted. */
const acceptsJson = (ctx: Context): boolean => {
  const { accept = '' } = ctx.req.headers;
  return (
    accept === '' || accept === '*/*' || acceptedType(ctx, ['application/json', jsonMediaType]) !== false
  );
};

const readBodyOf = (ctx: Context, need: 'required' | 'optional'): Promise<JsonObject | undefined> =>
  need === 'required' ? readJson(ctx) : readOptionalJson(ctx);
