import { z } from 'zod';
import type { HealthCheck } from '../../../application/ports/health-check.ts';
import type { Page, PageAnswer } from '../routing/page.ts';
import type { Context } from '../request/request-state.ts';

const report = <Status extends string>(status: Status) =>
  z.object({
    status: z.literal(status),
    service: z.literal('taskhold'),
    version: z.string(),
  });

/** `GET /health`: whether the service can do its work, for people and load balancers. */
export const healthPage = (health: HealthCheck, version: string): Page => ({
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
    tell(ctx, { status: healthy ? 'healthy' : 'unhealthy', service: 'taskhold', version });
  },
});

const sign = <Status extends string>(status: Status) => z.object({ status: z.literal(status) });

/** `GET /health/live`: the process answers; an orchestrator restarts one that does not. */
export const livePage = (): Page => ({
  name: 'getLiveness',
  path: '/health/live',
  summary: 'Tell that the process is alive',
  answers: { 200: json('The process is alive.', sign('live')) },
  answer: (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    tell(ctx, { status: 'live' });
  },
});

/** `GET /health/ready`: whether to send requests here; not while the database is away, nor once it is to stop. */
export const readyPage = (health: HealthCheck): Page => ({
  name: 'getReadiness',
  path: '/health/ready',
  summary: 'Tell whether to send requests here',
  answers: {
    200: json('Requests are welcome.', sign('ready')),
    503: json('The database cannot be reached, or the service is about to stop.', sign('not_ready')),
  },
  answer: async (ctx) => {
    const isReady = await health.isReady();
    ctx.set('Cache-Control', 'no-store');
    ctx.status = isReady ? 200 : 503;
    tell(ctx, { status: isReady ? 'ready' : 'not_ready' });
  },
});

/** Returns all current metrics in the Prometheus text format. */
export interface Metrics {
  exposition(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** `GET /metrics`: the metrics in the Prometheus text format. */
export const metricsPage = (metrics: Metrics): Page => ({
  name: 'getMetrics',
  path: '/metrics',
  summary: 'Tell what has been counted',
  answers: {
    200: { description: 'Metrics.', content: { type: 'text/plain', schema: z.string() } },
  },
  answer: async (ctx) => {
    const { contentType, text } = await metrics.exposition();
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Content-Type', contentType);
    ctx.body = text;
  },
});

const tell = (ctx: Context, report: Readonly<Record<string, string>>): void => {
  ctx.type = 'json';
  ctx.body = JSON.stringify(report);
};

const json = (description: string, schema: z.ZodType): PageAnswer => ({
  description,
  content: { type: 'application/json', schema },
});
