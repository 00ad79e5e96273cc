import type {
  ZodOpenApiOperationObject,
  ZodOpenApiPathsObject,
  ZodOpenApiRequestBodyObject,
  ZodOpenApiResponsesObject,
} from 'zod-openapi';
import type { ApiResource } from '../../api-resources.ts';
import type { Endpoint } from '../../routing/endpoint.ts';
import type { UrlScheme } from '../../routing/url-scheme.ts';
import type { ProblemCode } from '../../problems/catalogue.ts';
import type { ProblemResponses } from './problem-responses.ts';
import { headerParameters, pathParametersOf } from './request-parameters.ts';
import { headersOf } from './response-headers.ts';

/** Every endpoint in every family of its own. */
export const resourcePaths = (
  resources: readonly ApiResource[],
  problems: ProblemResponses,
): ZodOpenApiPathsObject =>
  Object.fromEntries(
    resources.flatMap(({ urlSchemes: families, endpoints }) =>
      families.flatMap((family) =>
        [...Map.groupBy(endpoints, ({ path }) => path)].map(([path, methods]) => [
          family.template + path,
          Object.fromEntries(
            methods.map((endpoint) => [endpoint.method.toLowerCase(), operation(endpoint, family, problems)]),
          ),
        ]),
      ),
    ),
  );

export const familyTags = {
  account: { name: 'Account', description: "The token's user." },
  own: { name: 'Tasks', description: "The tasks of the token's user." },
  named: { name: 'Tasks of a user', description: 'The same, with the user in the path.' },
} as const satisfies Record<UrlScheme['name'], object>;

const operation = (
  endpoint: Endpoint,
  family: UrlScheme,
  problems: ProblemResponses,
): ZodOpenApiOperationObject => ({
  operationId: family.name === 'named' ? `${endpoint.name}OfUser` : endpoint.name,
  tags: [familyTags[family.name].name],
  summary: endpoint.summary,
  ...(endpoint.description === undefined ? {} : { description: endpoint.description }),
  requestParams: {
    path: pathParametersOf(family.template + endpoint.path),
    ...(endpoint.query === undefined ? {} : { query: endpoint.query }),
  },
  parameters: headerParameters(...(endpoint.conditional ? [endpoint.conditional] : []), 'X-Request-Id'),
  ...(endpoint.body === undefined ? {} : { requestBody: requestBody(endpoint.body) }),
  responses: { ...successes(endpoint), ...problems(problemsOf(endpoint, family)) },
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
  const answer = {
    description,
    headers: headersOf(...(body === undefined ? [] : (['ETag'] as const)), ...headers, ...quota),
    ...(body === undefined ? {} : { content: { 'application/json': body } }),
  };
  const unchanged = { description: 'It is as `If-None-Match` has it.', headers: headersOf('ETag', ...quota) };
  return { [`${status}`]: answer, ...(conditional === 'If-None-Match' ? { 304: unchanged } : {}) };
};

/** What every request under /api can meet. */
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
  family: UrlScheme,
): readonly ProblemCode[] => [
  ...(body === undefined ? [] : bodyProblems),
  ...(method === 'GET' ? [] : (['outcome_unknown'] as const)),
  ...common,
  ...problems,
  ...(family.name === 'named' ? (['not_owner'] as const) : []),
  // `/api/tasks/tasks/{id}` looks like this family's, and is nobody's.
  ...(family.name === 'named' && path !== '' ? (['not_found'] as const) : []),
];

const bodyProblems = ['malformed_json', 'body_too_large', 'unsupported_media_type'] as const;
