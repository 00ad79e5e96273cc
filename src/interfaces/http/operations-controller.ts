import type { Health } from '../../application/ports/health.ts';
import type { Context } from './request-state.ts';

/** `GET /health`: whether the service can do its work, for people and load balancers; needs no token. */
export const healthOf =
  (health: Health, version: string) =>
  async (ctx: Context): Promise<void> => {
    const healthy = await health.isReady();
    ctx.set('Cache-Control', 'no-store');
    ctx.status = healthy ? 200 : 503;
    ctx.body = { status: healthy ? 'healthy' : 'unhealthy', service: 'taskhold', version };
  };
