import type {
  ZodOpenApiOperationObject,
  ZodOpenApiPathsObject,
  ZodOpenApiRequestBodyObject,
  ZodOpenApiResponsesObject,
} from 'zod-openapi';
import type { ApiResource, Endpoint } from '../../routing/endpoint.ts';
import type { UrlScheme } from '../../routing/url-scheme.ts';
import type { ProblemCode } from '../../problems/catalogue.ts';
import type { ProblemResponses } from './problem-responses.ts';
import { headerParameters, pathParametersOf } from './request-parameters.ts';
import { headersOf } from './response-headers.ts';

/** Every endpoint under every URL scheme of its resource. */
export const resourcePaths = (
  resources: readonly ApiResource[],
  problems: ProblemResponses,
): ZodOpenApiPathsObject =>
  Object.fromEntries(
    resources.flatMap(({ urlSchemes, endpoints }) =>
      urlSchemes.flatMap((urlScheme) =>
        [...Map.groupBy(endpoints, ({ path }) => path)].map(([path, methods]) => [
          urlScheme.template + path,
          Object.fromEntries(
            methods.map((endpoint) => [
              endpoint.method.toLowerCase(),
              operation(endpoint, urlScheme, problems),
            ]),
          ),
        ]),
      ),
    ),
  );

const operation = (
  endpoint: Endpoint,
  urlScheme: UrlScheme,
  problems: ProblemResponses,
): ZodOpenApiOperationObject => ({
  operationId: urlScheme.namesUser ? `${endpoint.name}OfUser` : endpoint.name,
  tags: [urlScheme.tag.name],
  summary: endpoint.summary,
  ...(endpoint.description === undefined ? {} : { description: endpoint.description }),
  requestParams: {
    path: pathParametersOf(urlScheme.template + endpoint.path),
    ...(endpoint.query === undefined ? {} : { query: endpoint.query }),
  },
  parameters: headerParameters(
    ...(endpoint.conditional ? [endpoint.conditional] : []),
    ...(endpoint.success.body?.stream === 'text/event-stream' ? (['Last-Event-ID'] as const) : []),
    ...(endpoint.acceptsKey ? (['Idempotency-Key'] as const) : []),
    'X-Request-Id',
  ),
  ...(endpoint.body === undefined ? {} : { requestBody: requestBody(endpoint.body) }),
  responses: { ...successes(endpoint), ...problems(problemsOf(endpoint, urlScheme)) },
});

const requestBody = ({
  schema,
  need,
  examples,
}: NonNullable<Endpoint['body']>): ZodOpenApiRequestBodyObject => ({
  required: need === 'required',
  content: {
    'application/json': {
      schema,
      examples: Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }])),
    },
  },
});

const quota = ['RateLimit', 'RateLimit-Policy'] as const;

const successes = ({ success, conditional, acceptsKey }: Endpoint): ZodOpenApiResponsesObject => {
  const { status, description, headers = [], body } = success;
  const isTagged = body !== undefined && body.stream === undefined;
  const response = {
    description,
    headers: headersOf(
      ...(isTagged ? (['ETag'] as const) : []),
      ...headers,
      ...(acceptsKey ? (['Idempotent-Replayed'] as const) : []),
      ...quota,
    ),
    ...(body === undefined ? {} : { content: contentOf(body) }),
  };
  const unchanged = {
    description: 'It is as `If-None-Match` has it.',
    headers: headersOf('ETag', ...headers, ...quota),
  };
  return { [`${status}`]: response, ...(conditional === 'If-None-Match' ? { 304: unchanged } : {}) };
};

const contentOf = ({ schema, example, stream }: NonNullable<Endpoint['success']['body']>) => ({
  [stream ?? 'application/json']: { schema, example },
});

/** Problems that every request below /api can return. */
const common: readonly ProblemCode[] = [
  'malformed_request',
  'unauthenticated',
  'insufficient_scope',
  'method_not_allowed',
  'not_acceptable',
  'rate_limited',
  'headers_too_large',
  'internal_error',
  'overloaded',
  'unavailable',
  'timeout',
];

const problemsOf = (
  { method, path, body, problems, acceptsKey }: Endpoint,
  urlScheme: UrlScheme,
): readonly ProblemCode[] => [
  ...(body === undefined ? [] : (['malformed_json'] as const)),
  ...(body === undefined && acceptsKey === undefined ? [] : bodyProblems),
  ...(method === 'GET' ? [] : (['outcome_unknown'] as const)),
  ...common,
  ...problems,
  ...(acceptsKey ? keyProblems : []),
  ...(urlScheme.namesUser ? (['not_owner'] as const) : []),
  // `/api/tasks/tasks/{id}` matches this scheme, but is a path of neither.
  ...(urlScheme.namesUser && path !== '' ? (['not_found'] as const) : []),
];

const keyProblems = ['idempotency_key_in_use', 'idempotency_key_reused'] as const;
/** Where a body is read; one that is for the fingerprint of a key alone is not parsed. */
const bodyProblems = ['body_too_large', 'unsupported_media_type'] as const;
