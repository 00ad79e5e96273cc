import { z } from 'zod';
import { openApiDocument, type Api } from './openapi/document.ts';
import type { Page } from '../routing/page.ts';
import { preparedResponse } from '../routing/prepared-response.ts';

/** `GET /openapi.json`: the OpenAPI document, which also describes this path; made once at startup. */
export const openApiPage = (api: Api): Page => {
  const description = {
    name: 'getOpenApi',
    path: '/openapi.json',
    summary: 'Get this document',
    answers: {
      200: {
        description: 'An OpenAPI 3.1 document.',
        content: { type: 'application/json', schema: z.looseObject({ openapi: z.string() }) },
      },
      304: { description: 'It is as `If-None-Match` has it.' },
    },
  };
  const document = openApiDocument({ ...api, pages: [...api.pages, description] });
  return {
    ...description,
    answer: preparedResponse({
      body: JSON.stringify(document),
      type: 'application/json',
      cacheControl: 'no-cache',
    }),
  };
};
