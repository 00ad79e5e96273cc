import { expect } from 'chai';
import { prometheusMetrics } from '../../../../src/infrastructure/observability/prometheus.ts';
import { sampleOf, samplesOf } from '../../../support/metrics.ts';

describe('prometheusMetrics', () => {
  it('given failures of the work in the background: counted, from 0 on', async () => {
    const metrics = prometheusMetrics({
      version: '1.0.0',
      requestsInFlight: () => 0,
      pool: () => ({ max: 1, used: 0, idle: 0, waiting: 0 }),
      redis: null,
    });
    const failures = async () =>
      sampleOf(samplesOf((await metrics.exposition()).text), 'list_maintenance_failures_total');
    expect((await metrics.exposition()).text).to.match(/^list_maintenance_failures_total 0$/m);
    metrics.observe({ type: 'maintenance_failed', error: new Error('unexpected') });
    metrics.observe({ type: 'maintenance_failed', error: new Error('unexpected') });
    expect(await failures()).to.equal(2);
  });
});
