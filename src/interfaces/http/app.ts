import { Router } from '@koa/router';
import Koa from 'koa';
import type { RequestDeadline } from '../../application/ports/request-deadline.ts';
import type { HealthCheck } from '../../application/ports/health-check.ts';
import type { Observer } from '../../application/ports/observer.ts';
import type { RateLimits } from '../../application/ports/rate-limiter.ts';
import type { TokenVerifier } from '../../application/ports/token-verifier.ts';
import type { Tracer } from '../../application/ports/tracer.ts';
import type { UseCases } from '../../application/use-cases.ts';
import { apiResources } from './api-resources.ts';
import type { Proxies } from './request/client-address.ts';
import { docsAssets } from './docs/swagger-assets.ts';
import { docsPage } from './docs/docs-page.ts';
import type { IsAllowedOrigin } from './middleware/allowed-origin.ts';
import { authenticate } from './middleware/authenticate.ts';
import { crossOrigin } from './middleware/cross-origin.ts';
import { validateEncoding } from './middleware/validate-encoding.ts';
import { notFound } from './middleware/not-found.ts';
import { requestTimeout } from './middleware/request-timeout.ts';
import { limitAddress, limitUser } from './middleware/rate-limit.ts';
import { requestContext, type Lifecycle } from './middleware/request-context.ts';
import { rejectSignIn, signInPath } from './middleware/sign-in-paths.ts';
import { coalesceResponses } from './middleware/coalesce-responses.ts';
import { tracing } from './middleware/tracing.ts';
import { forPathPrefix } from './middleware/for-path-prefix.ts';
import { validateRequest } from './middleware/validate-request.ts';
import { mountEndpoints } from './routing/mount-endpoints.ts';
import { openApiPage } from './docs/openapi-page.ts';
import { healthPage, livePage, readyPage } from './operations/operations-controller.ts';
import { rootPage } from './operations/root-page.ts';
import { mountPages } from './routing/page.ts';
import type { PublicUrl } from './routing/public-url.ts';
import type { RequestState } from './request/request-state.ts';
import { setSecurityHeaders, type HeaderFields } from './middleware/security-headers.ts';

interface AppDependencies {
  readonly useCases: UseCases;
  readonly verifier: TokenVerifier;
  readonly limits: RateLimits;
  readonly proxies: Proxies;
  readonly deadline: RequestDeadline;
  readonly health: HealthCheck;
  readonly lifecycle: Lifecycle;
  /** Null: no tracing. */
  readonly tracer: Tracer | null;
  readonly observe: Observer;
  readonly version: string;
  readonly publicUrl: PublicUrl;
  readonly headers: HeaderFields;
  /** Whether pages of an origin may call the API. */
  readonly isAllowedOrigin: IsAllowedOrigin;
}

/** Creates the app: routes, and the middleware in the order in which it handles a request. */
export const createApp = (parts: AppDependencies): Koa<RequestState> => {
  const { observe, limits, version, publicUrl } = parts;
  const app = new Koa<RequestState>();
  app.on('error', (error: unknown) =>
    observe({ type: 'failure', requestId: null, code: 'internal_error', error }),
  );

  const resources = apiResources(parts.useCases);
  const pages = [
    rootPage(version, publicUrl.path),
    healthPage(parts.health, version),
    livePage(),
    readyPage(parts.health),
    docsPage(publicUrl),
  ];
  const document = openApiPage({ version, publicUrl, resources, pages });
  const router = new Router<RequestState>({ sensitive: true, exclusive: 'specificity' });
  mountPages(router, [...pages, document, ...docsAssets()]);
  for (const resource of resources) mountEndpoints(router, resource, publicUrl.path);

  app.use(coalesceResponses());
  if (parts.tracer) app.use(tracing(parts.tracer));
  app.use(requestContext(parts.lifecycle, observe));
  app.use(setSecurityHeaders(parts.headers));
  app.use(crossOrigin(parts.isAllowedOrigin));
  app.use(validateRequest);
  app.use(requestTimeout(parts.deadline));
  if (limits.perAddress)
    app.use(forPathPrefix('/api', limitAddress(limits.perAddress, parts.proxies, observe)));
  app.use(forPathPrefix(signInPath, rejectSignIn));
  app.use(forPathPrefix('/api', authenticate(parts.verifier, observe)));
  if (limits.perUser) app.use(forPathPrefix('/api', limitUser(limits.perUser, observe)));
  app.use(validateEncoding);
  app.use(router.routes());
  app.use(notFound);
  return app;
};
