import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Span as OtelSpan,
} from '@opentelemetry/api';
import { setTimeout as pause } from 'node:timers/promises';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Observer } from '../../application/ports/observer.ts';
import type { Span, Tracer } from '../../application/ports/tracer.ts';
import { passTraceOn } from './pass-trace-on.ts';

/**
 * Traces by OpenTelemetry, for the whole process. The packages read the exporter, the sampler and the resource attributes
 * from the standard environment variables: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export const openTelemetry = (version: string, observe: Observer): Tracer & AsyncDisposable => {
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'taskhold', 'service.version': version }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(watched(new OTLPTraceExporter(), observe))],
  });
  provider.register();
  const tracer = trace.getTracer('taskhold', version);
  const stopPassing = passTraceOn();

  return {
    span: (kind, name, work, carrier) => {
      const parent = carrier === undefined ? context.active() : propagation.extract(ROOT_CONTEXT, carrier);
      return tracer.startActiveSpan(name, { kind: kinds[kind] }, parent, async (span) => {
        try {
          return await work(asSpan(span));
        } catch (error) {
          span.setAttribute('error.type', typeOf(error));
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      });
    },
    [Symbol.asyncDispose]: async () => {
      stopPassing();
      const sent = provider.shutdown().catch((error: unknown) => observe({ type: 'traces_lost', error }));
      await Promise.race([sent, pause(shutdownMs, undefined, { ref: false })]);
      for (const api of [trace, context, propagation]) api.disable();
    },
  };
};

/** An exporter that also observes its failures; the library only logs them. */
const watched = (exporter: SpanExporter, observe: Observer): SpanExporter => ({
  export: (spans, done) =>
    exporter.export(spans, (result) => {
      if (result.error !== undefined) observe({ type: 'traces_lost', error: result.error });
      done(result);
    }),
  shutdown: () => exporter.shutdown(),
});

/** How long a shutdown waits until the last spans are exported, in milliseconds. */
const shutdownMs = 2_000;

const kinds = { server: SpanKind.SERVER, internal: SpanKind.INTERNAL, client: SpanKind.CLIENT } as const;

const asSpan = (span: OtelSpan): Span => ({
  name: (name) => void span.updateName(name),
  add: (attributes) => void span.setAttributes(attributes),
  fail: () => void span.setStatus({ code: SpanStatusCode.ERROR }),
});

/** The code or name of an error. Its message is left out, because it can contain data of users. */
const typeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
};
