import { expect } from 'chai';
import { prometheusMetrics } from '../../../../src/infrastructure/observability/prometheus.ts';
import { sampleOf, samplesOf } from '../../../support/metrics.ts';

describe('prometheusMetrics', () => {
  it('given failures of the work in the background: counted, from 0 on', async () => {
    const metrics = prometheusMetrics({
      version: '1.0.0',
      requestsInFlight: () => 0,
      eventStreams: { open: () => 0, max: 1 },
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

  it('given a Redis that is lost, and fails again meanwhile: one loss', async () => {
    const metrics = prometheusMetrics({
      version: '1.0.0',
      requestsInFlight: () => 0,
      eventStreams: { open: () => 0, max: 1 },
      pool: () => ({ max: 1, used: 0, idle: 0, waiting: 0 }),
      redis: () => false,
    });
    for (const isFirst of [true, false, false])
      metrics.observe({ type: 'redis_lost', isFirst, error: new Error('lost') });
    expect((await metrics.exposition()).text).to.match(/^redis_losses_total 1$/m);
  });

  it('given rows that were deleted for good: counted by their reason, from 0 on', async () => {
    const metrics = prometheusMetrics({
      version: '1.0.0',
      requestsInFlight: () => 0,
      pool: () => ({ max: 1, used: 0, idle: 0, waiting: 0 }),
      redis: null,
      eventStreams: { open: () => 0, max: 1 },
    });
    metrics.observe({ type: 'rows_purged', reason: 'user', count: 3 });
    metrics.observe({ type: 'rows_purged', reason: 'user', count: 4 });
    metrics.observe({ type: 'rows_purged', reason: 'trash_expired', count: 5 });
    const { text } = await metrics.exposition();
    expect(text).to.match(/^purged_rows_total\{reason="user"\} 7$/m);
    expect(text).to.match(/^purged_rows_total\{reason="trash_expired"\} 5$/m);
    expect(text).to.match(/^purged_rows_total\{reason="tombstone_expired"\} 0$/m);
  });
});
