import { Router } from '@koa/router';
import Koa from 'koa';
import type { RequestDeadline } from '../../application/ports/request-deadline.ts';
import type { HealthCheck } from '../../application/ports/health-check.ts';
import type { Lifecycle } from '../../application/ports/lifecycle.ts';
import type { Observer } from '../../application/ports/observer.ts';
import type { RateLimits } from '../../application/ports/rate-limiter.ts';
import type { TokenVerifier } from '../../application/ports/token-verifier.ts';
import type { Tracer } from '../../application/ports/tracer.ts';
import type { UseCases } from '../../application/use-cases.ts';
import { apiResources } from './api-resources.ts';
import type { Proxies } from './client-address.ts';
import { docsAssets } from './docs-assets.ts';
import { docsPage } from './docs-page.ts';
import type { IsAllowedOrigin } from './middleware/allowed-origin.ts';
import { authenticate } from './middleware/authenticate.ts';
import { crossOrigin } from './middleware/cross-origin.ts';
import { decodable } from './middleware/decodable.ts';
import { fixedHeaders } from './middleware/fixed-headers.ts';
import { notFound } from './middleware/not-found.ts';
import { inTime } from './middleware/in-time.ts';
import { limitAddress, limitUser } from './middleware/rate-limit.ts';
import { requestContext } from './middleware/request-context.ts';
import { rejectSignIn, signInPath } from './middleware/sign-in-paths.ts';
import { together } from './middleware/together.ts';
import { traced } from './middleware/traced.ts';
import { under } from './middleware/under.ts';
import { wellFormed } from './middleware/well-formed.ts';
import { mount } from './mount.ts';
import { openApiPage } from './openapi-page.ts';
import { healthPage, livePage, readyPage } from './operations-controller.ts';
import { rootPage } from './operations/root-page.ts';
import { mountPages } from './page.ts';
import type { RequestState } from './request-state.ts';
import type { HeaderFields } from './security-headers.ts';

export interface AppParts {
  readonly useCases: UseCases;
  readonly verifier: TokenVerifier;
  readonly limits: RateLimits;
  readonly proxies: Proxies;
  readonly deadline: RequestDeadline;
  readonly health: HealthCheck;
  readonly lifecycle: Lifecycle;
  /** Null where nobody wants traces. */
  readonly tracer: Tracer | null;
  readonly observe: Observer;
  readonly version: string;
  readonly headers: HeaderFields;
  /** Whether pages of an origin may call the API. */
  readonly isAllowedOrigin: IsAllowedOrigin;
}

/** The order in which a request meets the middleware, and nothing else. */
export const createApp = (parts: AppParts): Koa<RequestState> => {
  const { observe, limits } = parts;
  const app = new Koa<RequestState>();
  app.on('error', (error: unknown) =>
    observe({ type: 'failure', requestId: null, code: 'internal_error', error }),
  );

  const resources = apiResources(parts.useCases);
  const pages = [
    rootPage(parts.version),
    healthPage(parts.health, parts.version),
    livePage(),
    readyPage(parts.health),
    docsPage(),
  ];
  const document = openApiPage({ version: parts.version, resources, pages });
  const router = new Router<RequestState>({ sensitive: true, exclusive: 'specificity' });
  mountPages(router, [...pages, document, ...docsAssets()]);
  for (const resource of resources) mount(router, resource);

  app.use(together());
  if (parts.tracer) app.use(traced(parts.tracer));
  app.use(requestContext(parts.lifecycle, observe));
  app.use(fixedHeaders(parts.headers));
  app.use(crossOrigin(parts.isAllowedOrigin));
  app.use(wellFormed);
  app.use(inTime(parts.deadline));
  if (limits.perAddress) app.use(under('/api', limitAddress(limits.perAddress, parts.proxies, observe)));
  app.use(under(signInPath, rejectSignIn));
  app.use(under('/api', authenticate(parts.verifier, observe)));
  if (limits.perUser) app.use(under('/api', limitUser(limits.perUser, observe)));
  app.use(decodable);
  app.use(router.routes());
  app.use(notFound);
  return app;
};
