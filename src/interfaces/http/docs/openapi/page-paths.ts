import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import type { PageAnswer, PageDescription } from '../../routing/page.ts';
import type { ProblemCode } from '../../problems/catalogue.ts';
import type { ProblemResponses } from './problem-responses.ts';
import { headerParameters } from './request-parameters.ts';
import { headersOf } from './response-headers.ts';

export const pagePaths = (
  pages: readonly PageDescription[],
  problems: ProblemResponses,
): ZodOpenApiPathsObject =>
  Object.fromEntries(pages.map((page) => [page.path, { get: operation(page, problems) }]));

export const pageTag = {
  name: 'Operations',
  description: 'State and documentation of the service, without authentication.',
};

const operation = (
  { name, summary, answers }: PageDescription,
  problems: ProblemResponses,
): ZodOpenApiOperationObject => ({
  operationId: name,
  tags: [pageTag.name],
  summary,
  security: [],
  parameters: headerParameters(...(isConditional(answers) ? ['If-None-Match' as const] : []), 'X-Request-Id'),
  responses: {
    ...problems(common),
    ...Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [status, response(answer, isConditional(answers))]),
    ),
  },
});

/** Problems that every page can return. */
const common: readonly ProblemCode[] = [
  'malformed_request',
  'method_not_allowed',
  'headers_too_large',
  'internal_error',
];

const isConditional = (answers: PageDescription['answers']): boolean => 304 in answers;

const response = ({ description, content, headers = [] }: PageAnswer, tagged: boolean) => ({
  description,
  headers: headersOf(...(tagged ? ['ETag' as const] : []), ...headers),
  ...(content === undefined ? {} : { content: { [content.type]: { schema: content.schema } } }),
});
