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
  parameters: headerParameters(...(endpoint.conditional ? [endpoint.conditional] : []), 'X-Request-Id'),
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

const successes = ({ success, conditional }: Endpoint): ZodOpenApiResponsesObject => {
  const { status, description, headers = [], body } = success;
  const response = {
    description,
    headers: headersOf(...(body === undefined ? [] : (['ETag'] as const)), ...headers, ...quota),
    ...(body === undefined ? {} : { content: { 'application/json': body } }),
  };
  const unchanged = {
    description: 'It is as `If-None-Match` has it.',
    headers: headersOf('ETag', ...headers, ...quota),
  };
  return { [`${status}`]: response, ...(conditional === 'If-None-Match' ? { 304: unchanged } : {}) };
};

/** Problems that every request below /api can return. */
const common: readonly ProblemCode[] = [
  'malformed_request',
  'unauthenticated',
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
  { method, path, body, problems }: Endpoint,
  urlScheme: UrlScheme,
): readonly ProblemCode[] => [
  ...(body === undefined ? [] : bodyProblems),
  ...(method === 'GET' ? [] : (['outcome_unknown'] as const)),
  ...common,
  ...problems,
  ...(urlScheme.namesUser ? (['not_owner'] as const) : []),
  // `/api/tasks/tasks/{id}` matches this scheme, but is a path of neither.
  ...(urlScheme.namesUser && path !== '' ? (['not_found'] as const) : []),
];

const bodyProblems = ['malformed_json', 'body_too_large', 'unsupported_media_type'] as const;
