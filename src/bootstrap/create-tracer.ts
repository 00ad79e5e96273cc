import type { Observer } from '../application/ports/observer.ts';
import type { Tracer } from '../application/ports/tracer.ts';
import { ConfigError } from '../config/config-error.ts';

/**
 * A tracer if the standard environment variables of OpenTelemetry enable it, otherwise null. The packages of OpenTelemetry
 * are loaded only if it is enabled. Throws {@link ConfigError} for an exporter other than `otlp` and `none`.
 */
export const createTracer = async (
  environment: NodeJS.ProcessEnv,
  version: string,
  observe: Observer,
): Promise<(Tracer & AsyncDisposable) | null> => {
  const { OTEL_SDK_DISABLED: disabled, OTEL_TRACES_EXPORTER: exporter } = environment;
  const endpoint =
    environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ?? environment['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '';
  if (disabled?.toLowerCase() === 'true' || exporter === 'none') return null;
  if (exporter !== undefined && exporter !== '' && exporter !== 'otlp')
    throw new ConfigError(['OTEL_TRACES_EXPORTER must be otlp or none']);
  if (endpoint === '' && exporter !== 'otlp') return null;
  const { openTelemetry } = await import('../infrastructure/observability/open-telemetry.ts');
  return openTelemetry(version, observe);
};
