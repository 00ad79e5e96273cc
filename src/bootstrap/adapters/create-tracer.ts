import type { Observer } from '../../application/ports/observer.ts';
import type { Tracer } from '../../application/ports/tracer.ts';

/** Loads the packages of OpenTelemetry, and creates a tracer that they configure by their own environment variables. */
export const createTracer = async (version: string, observe: Observer): Promise<Tracer & AsyncDisposable> => {
  const { openTelemetry } = await import('../../infrastructure/observability/open-telemetry.ts');
  return openTelemetry(version, observe);
};
