import type { Tracer } from '../../../src/application/ports/tracer.ts';
import { openTelemetry } from '../../../src/infrastructure/observability/open-telemetry.ts';
import { hostileTexts, itReadsInLinearTime } from '../../support/linear-reader.ts';

const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('a trace context (W3C) is read in linear time', () => {
  let tracer: Tracer & AsyncDisposable;
  before(() => {
    process.env['OTEL_TRACES_SAMPLER'] = 'always_off'; // no span is recorded or exported
    tracer = openTelemetry('0.0.0', () => undefined);
  });
  after(async () => {
    delete process.env['OTEL_TRACES_SAMPLER'];
    await tracer[Symbol.asyncDispose]();
  });

  const read = (carrier: Record<string, string>) =>
    tracer.span('server', 'GET', () => Promise.resolve(), { traceparent: parent, ...carrier });

  const readParent = (traceparent: string) => read({ traceparent });
  itReadsInLinearTime('given traceparent', readParent, hostileTexts('', 'x'));
  itReadsInLinearTime(
    'given traceparent of a later version',
    readParent,
    hostileTexts(`01${parent.slice(2)}-`, '\n'),
  );
  itReadsInLinearTime(
    'given tracestate',
    (tracestate: string) => read({ tracestate }),
    hostileTexts('', 'x', ['a=b,']),
  );
  itReadsInLinearTime(
    'given baggage',
    (baggage: string) => read({ baggage }),
    hostileTexts('', 'x', ['a=b,', 'a=b;c,']),
  );
});
