import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Request } from 'autocannon';
import { startEmbeddedPostgres } from '../src/infrastructure/embedded-postgres/embedded-postgres.ts';
import { createFilledDatabase } from './harness/databases.ts';
import { measureFloor } from './harness/floor.ts';
import { load, type Round } from './harness/load.ts';
import { requestsOf, scenarios, type Scenario } from './harness/scenarios.ts';
import { startService, type Service } from './harness/service.ts';
import { median, table, type Row } from './harness/table.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    only: { type: 'string', multiple: true, default: [...scenarios] },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const chosen = scenarios.filter((scenario) => values.only.includes(scenario));

const secret = 'a-secret-for-the-benchmark-and-nothing-else';
const common = {
  NODE_ENV: 'production',
  BETTER_AUTH_SECRET: secret,
  // The limits are on and counted, but too high to be reached.
  RATE_LIMIT_MAX: '1000000000',
  RATE_LIMIT_ADDRESS_MAX: '1000000000',
  OPS_PORT: '0',
};

interface Contender {
  readonly name: 'taskhold' | 'taskhold, cache off' | 'peer';
  readonly service: Service;
  readonly requests: Record<Scenario, readonly Request[]>;
}

const say = (text: string): boolean => process.stderr.write(text);

await using opened = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), 'taskhold-bench-'));
opened.defer(() => rm(folder, { recursive: true, force: true }));
say('PostgreSQL 18, three databases, 1,000 owners with 20 tasks each … ');
const postgres = opened.use(await startEmbeddedPostgres(folder));
const urls = {
  shipped: await createFilledDatabase(postgres.url, 'shipped'),
  uncached: await createFilledDatabase(postgres.url, 'uncached'),
  peer: await createFilledDatabase(postgres.url, 'peer'),
};
say('ready\n');

const contender = async (
  name: Contender['name'],
  script: string,
  url: string,
  extra: NodeJS.ProcessEnv = {},
): Promise<Contender> => {
  const service = opened.use(await startService(script, { ...common, ...extra, DATABASE_URL: url }));
  return { name, service, requests: await requestsOf(service.url, secret) };
};
const contenders = [
  await contender('taskhold', 'src/main.ts', urls.shipped),
  await contender('taskhold, cache off', 'src/main.ts', urls.uncached, { CACHE_MAX_OWNERS: '0' }),
  await contender('peer', 'bench/peer.ts', urls.peer),
];

interface Measured extends Round {
  readonly cpuMsPerRequest: number;
}

const measure = async ({ service, requests }: Contender, scenario: Scenario): Promise<Measured> => {
  const before = await service.usage();
  const round = await load(service.url, requests[scenario], seconds);
  const after = await service.usage();
  return { ...round, cpuMsPerRequest: (after.cpuMs - before.cpuMs) / Math.max(round.requests, 1) };
};

const rows: Row[] = [];
for (const scenario of chosen) {
  const measured = new Map(contenders.map((one) => [one.name, new Array<Measured>()]));
  for (const one of contenders) await load(one.service.url, one.requests[scenario], 1); // warm-up
  for (let round = 1; round <= rounds; round += 1) {
    for (const one of contenders) {
      say(`\r${scenario}: round ${round} of ${rounds}, ${one.name}                    `);
      measured.get(one.name)?.push(await measure(one, scenario));
    }
  }
  const of = (name: Contender['name'], pick: (round: Measured) => number) =>
    median((measured.get(name) ?? []).map(pick));
  const ratios = (name: Contender['name']) => {
    const peer = measured.get('peer') ?? [];
    return median(
      (measured.get(name) ?? []).map((r, n) => r.requestsPerSecond / (peer[n]?.requestsPerSecond ?? 1)),
    );
  };
  for (const { name } of contenders) {
    rows.push({
      scenario,
      contender: name,
      requestsPerSecond: of(name, (round) => round.requestsPerSecond),
      ratio: ratios(name),
      p50: of(name, (round) => round.p50),
      p99: of(name, (round) => round.p99),
      cpuMsPerRequest: of(name, (round) => round.cpuMsPerRequest),
      failures: (measured.get(name) ?? []).reduce((sum, round) => sum + round.failures, 0),
    });
  }
}
say('\r                                                        \r');

const memory = await Promise.all(
  contenders.map(async ({ name, service }) => ({ name, peakMemoryMb: (await service.usage()).peakMemoryMb })),
);
const floor = await measureFloor(urls.uncached, seconds);
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
const results = { machine, date: new Date().toISOString(), rounds, seconds, rows, memory, floor };
await writeFile('bench/results.json', `${JSON.stringify(results, null, 2)}\n`);
process.stdout.write(
  `${machine}; ${rounds} interleaved rounds of ${seconds} s, medians\n\n${table(rows, 'ratio to peer')}\n`,
);
for (const { name, peakMemoryMb } of memory)
  process.stdout.write(`${name}: peak memory ${peakMemoryMb.toFixed(0)} MB\n`);
for (const [name, perSecond] of Object.entries(floor)) {
  process.stdout.write(`driver only, ${name}: ${perSecond.toFixed(0)} a second\n`);
}
