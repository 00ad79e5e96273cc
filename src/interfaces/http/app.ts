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
import { docsPage, type DemoToken } from './docs/docs-page.ts';
import type { IsAllowedOrigin } from './middleware/allowed-origin.ts';
import { authenticate } from './middleware/authenticate.ts';
import { mountHandler } from './mounted/mount-handler.ts';
import type { MountedHandler } from './mounted/mounted-handler.ts';
import { protectedResource } from './mounted/protected-resource.ts';
import { requireAllowedOrigin } from './mounted/require-allowed-origin.ts';
import { crossOrigin } from './middleware/cross-origin.ts';
import { validateEncoding } from './middleware/validate-encoding.ts';
import { notFound } from './middleware/not-found.ts';
import { requestTimeout } from './middleware/request-timeout.ts';
import { limitAddress, limitUser } from './middleware/rate-limit.ts';
import { requestContext, type Lifecycle } from './middleware/request-context.ts';
import { rejectSignIn, signInPath } from './middleware/sign-in-paths.ts';
import { coalesceResponses } from './middleware/coalesce-responses.ts';
import { tracing } from './middleware/tracing.ts';
import { exceptPathPrefix, forPathPrefix } from './middleware/for-path-prefix.ts';
import { validateRequest } from './middleware/validate-request.ts';
import { mountEndpoints } from './routing/mount-endpoints.ts';
import type { EventStreams } from './streams/event-streams.ts';
import { openApiPage } from './docs/openapi-page.ts';
import { healthPage, livePage, readyPage } from './operations/operations-controller.ts';
import { rootPage } from './operations/root-page.ts';
import { mountPages } from './routing/page.ts';
import type { PublicUrl } from './routing/public-url.ts';
import type { Middleware, RequestState } from './request/request-state.ts';
import { setSecurityHeaders, type HeaderFields } from './middleware/security-headers.ts';

interface AppDependencies {
  readonly useCases: UseCases;
  readonly verifier: TokenVerifier;
  readonly limits: RateLimits;
  readonly proxies: Proxies;
  readonly deadline: RequestDeadline;
  readonly health: HealthCheck;
  readonly lifecycle: Lifecycle;
  readonly eventStreams: EventStreams;
  /** Null: no tracing. */
  readonly tracer: Tracer | null;
  readonly observe: Observer;
  readonly version: string;
  readonly publicUrl: PublicUrl;
  readonly headers: HeaderFields;
  readonly demoToken: DemoToken;
  /** Whether pages of an origin may call the API. */
  readonly isAllowedOrigin: IsAllowedOrigin;
  /** Another protocol beside the API; null: none. */
  readonly mounted: MountedHandler | null;
  /** The URL of the issuer of tokens, for clients of {@link mounted}. */
  readonly issuer: string | undefined;
}

/** Creates the app: routes, and the middleware in the order in which it handles a request. */
export const createApp = (parts: AppDependencies): Koa<RequestState> => {
  const { observe, limits, version, publicUrl, mounted, isAllowedOrigin } = parts;
  const app = new Koa<RequestState>();
  app.on('error', (error: unknown) =>
    observe({ type: 'failure', requestId: null, code: 'internal_error', error }),
  );

  const useFor = (prefixes: readonly string[], middleware: Middleware): void => {
    for (const prefix of prefixes) app.use(forPathPrefix(prefix, middleware));
  };
  const resources = apiResources(parts.useCases);
  const pages = [
    rootPage(version, publicUrl.path),
    healthPage(parts.health, version),
    livePage(),
    readyPage(parts.health),
    docsPage(publicUrl, parts.demoToken),
  ];
  const document = openApiPage({ version, publicUrl, resources, pages });
  const router = new Router<RequestState>({ sensitive: true, exclusive: 'specificity' });
  mountPages(router, [...pages, document, ...docsAssets()]);
  for (const resource of resources)
    mountEndpoints(router, resource, { ...parts, publicPath: publicUrl.path });
  const protection = mounted && protectedResource({ path: mounted.path, publicUrl, issuer: parts.issuer });
  if (mounted && protection) {
    mountPages(router, protection.pages);
    mountHandler(router, mounted, { ...parts, resource: protection });
  }
  const guarded = mounted ? ['/api', mounted.path] : ['/api'];

  app.use(coalesceResponses());
  if (parts.tracer) app.use(tracing(parts.tracer));
  app.use(requestContext(parts.lifecycle, observe));
  app.use(setSecurityHeaders(parts.headers));
  app.use(
    crossOrigin(
      isAllowedOrigin,
      mounted ? { request: mounted.requestHeaders, exposed: ['WWW-Authenticate'] } : undefined,
    ),
  );
  app.use(validateRequest);
  const timeout = requestTimeout(parts.deadline);
  app.use(mounted ? exceptPathPrefix(mounted.path, timeout) : timeout);
  if (mounted) app.use(forPathPrefix(mounted.path, requireAllowedOrigin(isAllowedOrigin)));
  if (limits.perAddress) useFor(guarded, limitAddress(limits.perAddress, parts.proxies, observe));
  app.use(forPathPrefix(signInPath, rejectSignIn));
  app.use(forPathPrefix('/api', authenticate(parts.verifier, observe)));
  if (mounted && protection)
    app.use(forPathPrefix(mounted.path, authenticate(parts.verifier, observe, protection.challenge)));
  if (limits.perUser) useFor(guarded, limitUser(limits.perUser, observe));
  app.use(validateEncoding);
  app.use(router.routes());
  app.use(notFound);
  return app;
};
