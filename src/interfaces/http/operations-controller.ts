import { z } from 'zod';
import type { Health } from '../../application/ports/health.ts';
import type { Page, PageAnswer } from './page.ts';

const report = <Status extends string>(status: Status) =>
  z.object({
    status: z.literal(status),
    service: z.literal('taskhold'),
    version: z.string(),
  });

/** `GET /health`: whether the service can do its work, for people and load balancers. */
export const healthPage = (health: Health, version: string): Page => ({
  name: 'getHealth',
  path: '/health',
  summary: 'Tell whether the service can do its work',
  answers: {
    200: json('The service can do its work.', report('healthy')),
    503: json('The database cannot be reached.', report('unhealthy')),
  },
  answer: async (ctx) => {
    const healthy = await health.isReady();
    ctx.set('Cache-Control', 'no-store');
    ctx.status = healthy ? 200 : 503;
    ctx.body = { status: healthy ? 'healthy' : 'unhealthy', service: 'taskhold', version };
  },
});

const json = (description: string, schema: z.ZodType): PageAnswer => ({
  description,
  content: { type: 'application/json', schema },
});
