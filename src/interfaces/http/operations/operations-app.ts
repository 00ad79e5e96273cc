import { Router } from '@koa/router';
import Koa from 'koa';
import type { HealthCheck } from '../../../application/ports/health-check.ts';
import type { Observer } from '../../../application/ports/observer.ts';
import { notFound } from '../middleware/not-found.ts';
import { requestContext, type Lifecycle } from '../middleware/request-context.ts';
import { validateRequest } from '../middleware/validate-request.ts';
import { livePage, metricsPage, readyPage, type Metrics } from './operations-controller.ts';
import { mountPages } from '../routing/page.ts';
import type { RequestState } from '../request/request-state.ts';
import { setSecurityHeaders, type HeaderFields } from '../middleware/security-headers.ts';

interface OperationsParts {
  readonly health: HealthCheck;
  readonly lifecycle: Lifecycle;
  readonly metrics: Metrics;
  readonly observe: Observer;
  readonly headers: HeaderFields;
}

/** Health checks and metrics for operators and orchestrators, without authentication and rate limits. */
export const createOperationsApp = (parts: OperationsParts): Koa<RequestState> => {
  const app = new Koa<RequestState>();
  app.on('error', (error: unknown) =>
    parts.observe({ type: 'failure', requestId: null, code: 'internal_error', error }),
  );

  const router = new Router<RequestState>({ sensitive: true, exclusive: 'specificity' });
  mountPages(router, [livePage(), readyPage(parts.health), metricsPage(parts.metrics)]);

  app.use(requestContext(parts.lifecycle, failuresOnly(parts.observe)));
  app.use(setSecurityHeaders(parts.headers));
  app.use(validateRequest);
  app.use(router.routes());
  app.use(notFound);
  return app;
};

/** Scrapes and probes are frequent and are not client requests, so only their failures are observed. */
const failuresOnly =
  (observe: Observer): Observer =>
  (observation) => {
    if (observation.type === 'failure') observe(observation);
  };
