/**
 * Whether the service exports traces: by the variables of OpenTelemetry, where an empty one counts as unset
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). OpenTelemetry's packages read the others
 * themselves, from the environment of the process.
 */
export const exportsTraces = (environment: NodeJS.ProcessEnv): boolean => {
  const exporter = exporterIn(environment);
  const hasEndpoint = endpoints.some((name) => valueOf(environment, name) !== '');
  return !isDisabled(environment) && (exporter === 'otlp' || (exporter === '' && hasEndpoint));
};

/** What is wrong with the variables that {@link exportsTraces} reads. */
export const tracingProblems = (environment: NodeJS.ProcessEnv): readonly string[] =>
  isDisabled(environment)
    ? []
    : [
        ...(['', 'none', 'otlp'].includes(exporterIn(environment))
          ? []
          : ['OTEL_TRACES_EXPORTER must be otlp or none']),
        ...endpoints
          .filter((name) => exportsTraces(environment) && !isHttpUrl(valueOf(environment, name)))
          .map((name) => `${name} must be an http(s) URL, such as http://collector:4318`),
      ];

const endpoints = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;

/** With anything else, OpenTelemetry's exporter sends nothing, and reports nothing. */
const isHttpUrl = (value: string): boolean =>
  value === '' || /^https?:$/.test(URL.parse(value)?.protocol ?? '');

const isDisabled = (environment: NodeJS.ProcessEnv): boolean =>
  valueOf(environment, 'OTEL_SDK_DISABLED').toLowerCase() === 'true';

const exporterIn = (environment: NodeJS.ProcessEnv): string => valueOf(environment, 'OTEL_TRACES_EXPORTER');

/** Without white space at the ends, as OpenTelemetry reads it. */
const valueOf = (environment: NodeJS.ProcessEnv, name: string): string => environment[name]?.trim() ?? '';
