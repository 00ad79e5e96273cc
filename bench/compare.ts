/*
 * Compares checkouts or settings with each other: `npm run bench:compare -- base=/path/to/checkout new=. off=.,CACHE_MAX_OWNERS=0`.
 * `BENCH_KEYS=true` sends every write with an `Idempotency-Key` of its own.
 * Ratios are to the first one. Every contender has a migrated, filled database of its own; rounds are interleaved.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { startEmbeddedPostgres } from '../src/infrastructure/embedded-postgres/embedded-postgres.ts';
import { load } from './harness/load.ts';
import { requestsOf, scenarios, seed } from './harness/scenarios.ts';
import { fill } from './harness/seed.ts';
import { startService } from './harness/service.ts';
import { median, table, type Row } from './harness/table.ts';

const { values, positionals } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    only: { type: 'string', multiple: true, default: [...scenarios] },
    /** Writes the log of each service to a file instead of discarding it. */
    log: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const seconds = Number(values.seconds);
const secret = 'a-secret-for-the-benchmark-and-nothing-else';

await using opened = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), 'taskhold-compare-'));
opened.defer(() => rm(folder, { recursive: true, force: true }));
const server = opened.use(await startEmbeddedPostgres(folder));

/** Creates a database by the migrations of a checkout, and fills it. */
const createDatabase = async (checkout: string, name: string): Promise<string> => {
  const sql = postgres(server.url, { max: 1 });
  await sql`CREATE DATABASE ${sql(name)}`;
  await sql.end();
  const url = Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
  const { status, stderr } = spawnSync(process.execPath, ['src/cli/migrate.ts'], {
    cwd: checkout,
    env: { ...process.env, DATABASE_URL: url },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The migrations of ${checkout} failed: ${stderr}`);
  await fill(url, seed);
  return url;
};

const startContender = async (argument: string) => {
  const [name = '', target = ''] = argument.split(/=(.*)/s);
  const [path = '', ...assignments] = target.split(',');
  const checkout = resolve(path);
  const environment: NodeJS.ProcessEnv = {};
  for (const assignment of assignments) {
    const [variable = '', value] = assignment.split(/=(.*)/s);
    environment[variable] = value;
  }
  const service = opened.use(
    await startService(
      join(checkout, 'src/main.ts'),
      {
        NODE_ENV: 'production',
        BETTER_AUTH_SECRET: secret,
        RATE_LIMIT_MAX: '1000000000',
        RATE_LIMIT_ADDRESS_MAX: '1000000000',
        OPS_PORT: '0',
        DATABASE_URL: await createDatabase(checkout, name),
        ...environment,
      },
      values.log ? join(folder, `${name}.log`) : undefined,
    ),
  );
  const isKeyed = environment['BENCH_KEYS'] === 'true';
  return { name, service, requests: await requestsOf(service.url, secret, isKeyed) };
};
type Contender = Awaited<ReturnType<typeof startContender>>;

const measure = async ({ service, requests }: Contender, scenario: (typeof scenarios)[number]) => {
  const before = await service.usage();
  const round = await load(service.url, requests[scenario], seconds);
  const after = await service.usage();
  return { ...round, cpuMsPerRequest: (after.cpuMs - before.cpuMs) / Math.max(round.requests, 1) };
};

const contenders: Contender[] = [];
for (const argument of positionals) contenders.push(await startContender(argument));

const rows: Row[] = [];
for (const scenario of scenarios.filter((one) => values.only.includes(one))) {
  const measured = contenders.map(() => new Array<Awaited<ReturnType<typeof measure>>>());
  for (const contender of contenders) await load(contender.service.url, contender.requests[scenario], 1); // warm-up
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const [index, contender] of contenders.entries()) {
      measured[index]?.push(await measure(contender, scenario));
    }
  }
  const first = measured[0] ?? [];
  contenders.forEach(({ name }, index) => {
    const own = measured[index] ?? [];
    rows.push({
      scenario,
      contender: name,
      requestsPerSecond: median(own.map((round) => round.requestsPerSecond)),
      ratio: median(own.map((one, n) => one.requestsPerSecond / (first[n]?.requestsPerSecond ?? 1))),
      p50: median(own.map((round) => round.p50)),
      p99: median(own.map((round) => round.p99)),
      cpuMsPerRequest: median(own.map((round) => round.cpuMsPerRequest)),
      failures: own.reduce((sum, round) => sum + round.failures, 0),
    });
  });
}
process.stdout.write(table(rows, 'ratio to first'));
