/**
 * Whether the service exports traces: by the variables of OpenTelemetry, where an empty one counts as unset
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). OpenTelemetry's packages read the others
 * themselves, from the environment of the process.
 */
export const exportsTraces = (environment: NodeJS.ProcessEnv): boolean => {
  const exporter = exporterIn(environment);
  const hasEndpoint = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'].some(
    (name) => valueOf(environment, name) !== '',
  );
  return !isDisabled(environment) && (exporter === 'otlp' || (exporter === '' && hasEndpoint));
};

/** What is wrong with the variables that {@link exportsTraces} reads. */
export const tracingProblems = (environment: NodeJS.ProcessEnv): readonly string[] =>
  isDisabled(environment) || ['', 'none', 'otlp'].includes(exporterIn(environment))
    ? []
    : ['OTEL_TRACES_EXPORTER must be otlp or none'];

const isDisabled = (environment: NodeJS.ProcessEnv): boolean =>
  valueOf(environment, 'OTEL_SDK_DISABLED').toLowerCase() === 'true';

const exporterIn = (environment: NodeJS.ProcessEnv): string => valueOf(environment, 'OTEL_TRACES_EXPORTER');

/** Without white space at the ends, as OpenTelemetry reads it. */
const valueOf = (environment: NodeJS.ProcessEnv, name: string): string => environment[name]?.trim() ?? '';
