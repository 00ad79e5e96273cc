import { z } from 'zod';
import type { Page } from '../routing/page.ts';
import { acceptedType } from '../request/accepted-type.ts';

const schema = z.object({
  service: z.literal('taskhold'),
  version: z.string(),
  docs: z.string().meta({ description: 'The address of the documentation page.' }),
  openapi: z.string().meta({ description: 'The address of the OpenAPI document.' }),
  health: z.string().meta({ description: 'The address of the health report.' }),
});

/**
 * `GET /`: the service's name, version and addresses for programs, and a redirect to `/docs` for browsers. `publicPath` leads
 * the addresses.
 */
export const rootPage = (version: string, publicPath: string): Page => {
  const docs = `${publicPath}/docs`;
  const body = JSON.stringify({
    service: 'taskhold',
    version,
    docs,
    openapi: `${publicPath}/openapi.json`,
    health: `${publicPath}/health`,
  } satisfies z.infer<typeof schema>);
  return {
    name: 'getRoot',
    path: '/',
    summary: 'Get the name, the version and the addresses of the service',
    answers: {
      200: {
        description: 'Name, version and addresses of the service.',
        content: { type: 'application/json', schema },
      },
      303: {
        description: 'A redirect to the documentation page, where `Accept` prefers `text/html` (browsers).',
        headers: ['Location'],
      },
    },
    answer: (ctx) => {
      ctx.vary('Accept');
      ctx.set('Cache-Control', 'no-cache');
      if (acceptedType(ctx, ['application/json', 'text/html']) === 'text/html') {
        ctx.status = 303;
        ctx.set('Location', docs);
        return;
      }
      ctx.type = 'json';
      ctx.body = body;
    },
  };
};
