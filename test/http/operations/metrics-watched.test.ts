import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { startTestRedis, type TestRedis } from '../../support/processes/redis.ts';
import { samplesOf } from '../../support/metrics.ts';
import { startService } from '../../support/http/service.ts';
import { until } from '../../support/until.ts';

const read = (name: string): Promise<string> =>
  readFile(new URL(`../../../deploy/${name}`, import.meta.url), 'utf8');

const dashboard = z.object({
  panels: z
    .array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).min(1) }))
    .min(1),
});

/** The metric names in a PromQL expression: names that are not followed by an opening parenthesis. */
const namesIn = (expression: string): string[] =>
  [...expression.replaceAll(/\{[^}]*\}|"[^"]*"|\[[^\]]*\]/g, '').matchAll(/\b[a-z]\w*_\w+\b(?!\s*\()/g)].map(
    ([name]) => name,
  );

/** The labels in the selectors of a PromQL expression, except those that Prometheus adds. */
const labelsIn = (expression: string): string[] =>
  [...expression.matchAll(/\{([^}]*)\}/g)]
    .flatMap(([, pairs = '']) => [...pairs.matchAll(/([a-z_]+)\s*[=!]~?\s*"/g)])
    .map(([, label = '']) => label)
    .filter((label) => !['job', 'instance'].includes(label));

describe('metrics in alerts and dashboard', () => {
  const opened = new AsyncDisposableStack();
  let redis: TestRedis | null;
  const names = new Set<string>();
  const labels = new Set<string>();
  after(() => opened.disposeAsync());

  before(async function () {
    this.timeout(60_000);
    redis = await startTestRedis();
    if (redis !== null) opened.use(redis);
    const environment = redis === null ? {} : { REDIS_URL: redis.url };
    const service = opened.use(await startService({ environment }));
    await (await service.user()).get('/api/tasks');
    await service.raw('nonsense\r\n\r\n');
    await until('the request is counted', async () => {
      const samples = samplesOf((await service.operations.get('/metrics')).text);
      for (const sample of samples) {
        names.add(sample.name);
        for (const label of Object.keys(sample.labels)) labels.add(label);
      }
      return names.has('http_request_duration_seconds_bucket');
    });
    if (redis === null) names.add('redis_up'); // exported only if Redis is configured
  });

  it('given the alert rules: all metrics and labels exist', async () => {
    const rules = await read('prometheus-alerts.yml');
    const expressions = [...rules.matchAll(/^ +expr: (?:>\n((?: {10}.*\n)+)|(.*)\n)/gm)].map(
      ([, folded, plain]) => folded ?? plain ?? '',
    );
    expect(expressions).to.have.length([...rules.matchAll(/- alert:/g)].length);
    for (const expression of expressions) {
      const metrics = namesIn(expression);
      expect(expression === 'up{job="taskhold"} == 0' || metrics.length > 0, expression).to.equal(true);
      for (const name of metrics) expect([...names], expression).to.include(name);
      for (const label of labelsIn(expression)) expect([...labels], expression).to.include(label);
    }
  });

  it('given the dashboard: all metrics and labels exist', async () => {
    const { panels } = dashboard.parse(JSON.parse(await read('grafana-dashboard.json')));
    for (const { title, targets } of panels)
      for (const { expr } of targets) {
        const metrics = namesIn(expr.replaceAll(/\[\$__rate_interval\]/g, ''));
        expect(metrics.length, `${title}: ${expr}`).to.be.greaterThan(0);
        for (const name of metrics) expect([...names], title).to.include(name);
        for (const label of labelsIn(expr)) expect([...labels], title).to.include(label);
      }
  });
});
