import type { Tracer } from '../../../application/ports/tracer.ts';
import type { Middleware } from '../request/request-state.ts';

/** Each request as a span, part of its client's trace where that says so. Neither path nor query is told: ids are in them. */
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
