import type { Router, RouterMiddleware } from '@koa/router';
import type { Observer } from '../../../application/ports/observer.ts';
import type { RequestDeadline } from '../../../application/ports/request-deadline.ts';
import type { Verified } from '../../../application/ports/token-verifier.ts';
import { noBody, readAny, readJson, readOptionalJson, type Body } from '../request/body-parser.ts';
import type { ApiResource, Endpoint } from './endpoint.ts';
import { readIfMatch } from './entity-tag.ts';
import type { UrlScheme } from './url-scheme.ts';
import { requireValidEncoding } from '../middleware/validate-encoding.ts';
import { details } from '../problems/catalogue.ts';
import { HttpProblem } from '../problems/problem.ts';
import { fingerprintOf, readIdempotencyKey } from '../request/idempotency-key.ts';
import { acceptedType } from '../request/accepted-type.ts';
import type { Context, RequestState } from '../request/request-state.ts';
import { respondInPieces } from './respond-in-pieces.ts';
import type { EventStreams } from '../streams/event-streams.ts';
import { requireScope } from './require-scope.ts';
import { jsonMediaType, respond } from './respond.ts';

interface MountOptions {
  /** The path of `PUBLIC_URL`, which the proxy removes from requests. */
  readonly publicPath: string;
  readonly eventStreams: EventStreams;
  readonly deadline: RequestDeadline;
  readonly observe: Observer;
}

/**
 * Adds the endpoints to the router, under each of their URL schemes. No other code parses requests to endpoints.
 */
export const mountEndpoints = (
  router: Router<RequestState>,
  { urlSchemes, endpoints }: ApiResource,
  options: MountOptions,
): void => {
  for (const urlScheme of urlSchemes) {
    for (const [path, methods] of Map.groupBy(endpoints, (endpoint) => endpoint.path)) {
      const template = urlScheme.template + path;
      router.all(toRoute(template), resource(template, urlScheme, methods, options));
    }
  }
};

/** A template in the syntax of the router. */
const toRoute = (template: string): string => template.replaceAll(/\{(\w+)\}/g, ':$1');

const resource = (
  template: string,
  urlScheme: UrlScheme,
  endpoints: readonly Endpoint[],
  options: MountOptions,
): RouterMiddleware<RequestState> => {
  const { publicPath, eventStreams } = options;
  const byMethod = new Map<string, Endpoint>(endpoints.map((endpoint) => [endpoint.method, endpoint]));
  const get = byMethod.get('GET');
  if (get !== undefined) byMethod.set('HEAD', get);
  const allow = [...byMethod.keys(), 'OPTIONS'].sort().join(', ');

  return async (ctx) => {
    ctx.state.route = template;
    const token = tokenOf(ctx);
    const { user, permissions } = token;
    urlScheme.authorize(user, ctx.params);
    requireScope(ctx.method, permissions);
    ctx.set('Cache-Control', 'private, no-cache');
    const endpoint = byMethod.get(ctx.method);
    if (endpoint === undefined) {
      answerWithoutEndpoint(ctx, allow);
      return;
    }
    const mediaType = endpoint.success.body?.stream ?? 'application/json';
    if (!accepts(ctx, mediaType)) throw new HttpProblem('not_acceptable', details.not_acceptable(mediaType));
    const { querystring } = ctx;
    requireValidEncoding('query', querystring);
    const { headers } = ctx.req;
    const ifMatch = endpoint.conditional === 'If-Match' ? readIfMatch(headers['if-match']) : undefined;
    const key = endpoint.acceptsKey ? readIdempotencyKey(headers['idempotency-key']) : undefined;
    const isUnused = endpoint.body === undefined && key === undefined;
    const body = isUnused ? noBody : await readBodyOf(ctx, endpoint.body?.need);
    const representation = await endpoint.answer({
      user,
      params: ctx.params,
      basePath: publicPath + urlScheme.path(user),
      ifMatch,
      keyed: key === undefined ? undefined : { key, fingerprint: fingerprintOf(ctx, body.bytes) },
      search: querystring === '' ? emptySearch : new URLSearchParams(querystring),
      body: body.json,
    });
    if ('events' in representation) eventStreams.respond(ctx, token, representation.events);
    else if ('pieces' in representation) await respondInPieces(ctx, representation, options);
    else respond(ctx, representation);
  };
};

const emptySearch = new URLSearchParams();

const tokenOf = (ctx: Context): Verified => {
  if (ctx.state.token === null) throw new Error(`${ctx.state.route} must be mounted after authenticate`);
  return ctx.state.token;
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
const accepts = (ctx: Context, mediaType: string): boolean => {
  const { accept = '' } = ctx.req.headers;
  const types = mediaType === 'application/json' ? [mediaType, jsonMediaType] : [mediaType];
  return accept === '' || accept === '*/*' || acceptedType(ctx, types) !== false;
};

/** The body of an endpoint that takes none is part of the fingerprint of a key all the same. */
const readBodyOf = (ctx: Context, need: 'required' | 'optional' | undefined): Promise<Body> => {
  if (need === undefined) return readAny(ctx);
  return need === 'required' ? readJson(ctx) : readOptionalJson(ctx);
};
