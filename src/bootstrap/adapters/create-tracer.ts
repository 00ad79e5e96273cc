import type { Observer } from '../../application/ports/observer.ts';
import type { Tracer } from '../../application/ports/tracer.ts';

/** Loads the packages of OpenTelemetry, and creates a tracer that they configure by their own environment variables. */
export const createTracer = async (version: string, observe: Observer): Promise<Tracer & AsyncDisposable> => {
  const { openTelemetry } = await import('../../infrastructure/observability/open-telemetry.ts');
  return openTelemetry(version, observe);
};

/** Rejects where a package of OpenTelemetry is not installed. */
export const checkTracer = async (): Promise<void> => {
  await import('../../infrastructure/observability/open-telemetry.ts');
};
