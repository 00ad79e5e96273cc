import type { Tracer } from '../../../application/ports/tracer.ts';
import type { Middleware } from '../request/request-state.ts';

/** Records each request as a span, in the trace of its `traceparent`. Path and query are left out: they hold ids. */
export const tracing =
  (tracer: Tracer): Middleware =>
  (ctx, next) =>
    tracer.span(
      'server',
      ctx.method,
      async (span) => {
        await next();
        span.name(`${ctx.method} ${ctx.state.route}`);
        span.add({
          'http.request.method': ctx.method,
          'http.route': ctx.state.route,
          'http.response.status_code': ctx.status,
          'taskhold.request_id': ctx.state.requestId,
        });
        if (ctx.status >= 500) span.fail();
      },
      ctx.req.headers,
    );
