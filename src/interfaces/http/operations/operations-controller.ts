import { z } from 'zod';
import { notReadyReasons, type HealthCheck } from '../../../application/ports/health-check.ts';
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
  summary: 'Check the health of the service',
  answers: {
    200: json('The service can do its work.', report('healthy')),
    503: json('The database cannot be reached.', report('unhealthy')),
  },
  answer: async (ctx) => {
    const healthy = await health.isReady();
    ctx.set('Cache-Control', 'no-store');
    ctx.status = healthy ? 200 : 503;
    respondWithJson(ctx, { status: healthy ? 'healthy' : 'unhealthy', service: 'taskhold', version });
  },
});

const probe = <Status extends string>(status: Status) => z.object({ status: z.literal(status) });

const notReady = probe('not_ready').extend({ reason: z.enum(notReadyReasons).optional() });

/** `GET /health/live`: liveness. An orchestrator restarts a process that does not respond. */
export const livePage = (): Page => ({
  name: 'getLiveness',
  path: '/health/live',
  summary: 'Check that the process is alive',
  answers: { 200: json('The process is alive.', probe('live')) },
  answer: (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    respondWithJson(ctx, { status: 'live' });
  },
});

/** `GET /health/ready`: readiness; 503 with the reason while the database cannot be reached, and from the shutdown signal on. */
export const readyPage = (health: HealthCheck): Page => ({
  name: 'getReadiness',
  path: '/health/ready',
  summary: 'Check whether the service is ready for requests',
  answers: {
    200: json('The service is ready.', probe('ready')),
    503: json('The database cannot be reached, or the service is about to stop.', notReady),
  },
  answer: async (ctx) => {
    const isReady = await health.isReady();
    ctx.set('Cache-Control', 'no-store');
    ctx.status = isReady ? 200 : 503;
    const reason = health.problem();
    respondWithJson(
      ctx,
      isReady ? { status: 'ready' } : { status: 'not_ready', ...(reason !== null && { reason }) },
    );
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
  summary: 'Get the metrics',
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

const respondWithJson = (ctx: Context, report: Readonly<Record<string, string>>): void => {
  ctx.type = 'json';
  ctx.body = JSON.stringify(report);
};

const json = (description: string, schema: z.ZodType): PageAnswer => ({
  description,
  content: { type: 'application/json', schema },
});
