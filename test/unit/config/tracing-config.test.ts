import { expect } from 'chai';
import { ConfigError } from '../../../src/config/config-error.ts';
import { loadSettings } from '../../../src/config/load-settings.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
const tracesEndpoint = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' };

describe('variables of OpenTelemetry', () => {
  for (const environment of [
    endpoint,
    tracesEndpoint,
    { ...endpoint, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: '' },
    { ...endpoint, OTEL_TRACES_EXPORTER: '' },
    { ...endpoint, OTEL_SDK_DISABLED: 'false' },
    { OTEL_TRACES_EXPORTER: 'otlp' },
    { OTEL_TRACES_EXPORTER: ' otlp ' },
  ])
    it(`given ${JSON.stringify(environment)}: traces are exported`, () => {
      expect(loadSettings(environment).exportsTraces).to.be.true;
    });

  for (const environment of [
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' },
    { OTEL_SERVICE_NAME: 'taskhold' },
    { ...endpoint, OTEL_TRACES_EXPORTER: 'none' },
    { ...endpoint, OTEL_SDK_DISABLED: 'true' },
    { OTEL_TRACES_EXPORTER: 'otlp', OTEL_SDK_DISABLED: ' TRUE ' },
    { OTEL_TRACES_EXPORTER: 'zipkin', OTEL_SDK_DISABLED: 'true' },
  ])
    it(`given ${JSON.stringify(environment)}: no traces are exported`, () => {
      expect(loadSettings(environment).exportsTraces).to.be.false;
    });

  for (const value of ['collector:4318', '127.0.0.1:4318', 'grpc://collector:4317', 'collector'])
    for (const name of ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'])
      it(`given ${name}=${value}: refused, unless no traces are exported`, () => {
        expect(() => loadSettings({ [name]: value })).to.throw(ConfigError, `${name} must be an http(s) URL`);
        expect(loadSettings({ [name]: value, OTEL_TRACES_EXPORTER: 'none' }).exportsTraces).to.be.false;
      });

  it('given another exporter: a problem, together with those of other variables', () => {
    const environment = { OTEL_TRACES_EXPORTER: 'zipkin', PORT: 'x' };
    expect(() => loadSettings(environment))
      .to.throw(ConfigError)
      .with.property('problems')
      .that.satisfies(
        (problems: readonly string[]) =>
          problems.length === 2 && problems.includes('OTEL_TRACES_EXPORTER must be otlp or none'),
      );
  });
});
