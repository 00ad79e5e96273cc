import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/infrastructure/embedded-postgres/embedded-postgres.ts';
import { requestKinds, type Costs, type Mode, type RequestKind } from './capacity/costs.ts';
import { createFilledDatabase } from './harness/databases.ts';
import { load } from './harness/load.ts';
import { ownerName, tokenFor } from './harness/owners.ts';
import { cpuMsOfServer, parentOf } from './harness/process-times.ts';
import { requestsOf, seed } from './harness/scenarios.ts';
import { startService, type Service } from './harness/service.ts';
import { median } from './harness/table.ts';

/*
 * What requests and open event streams cost, with and without batching: `npm run bench:costs`, 3 minutes. Writes
 * bench/capacity/costs.json, from which `npm run capacity` computes.
 */

const rounds = 3;
const seconds = 4;
const streams = 500;
const secret = 'a-secret-for-the-benchmark-and-nothing-else';

await using opened = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), 'taskhold-costs-'));
opened.defer(() => rm(folder, { recursive: true, force: true }));
const server = opened.use(await startEmbeddedPostgres(folder));
const url = await createFilledDatabase(server.url, 'costs');
const client = new pg.Client({ connectionString: url });
await client.connect();
opened.defer(() => client.end());

const numberOf = async (text: string): Promise<number> => {
  const { rows } = await client.query<{ value: string }>(`SELECT (${text})::text AS value`);
  return Number(rows[0]?.value);
};
const postmaster = await parentOf(await numberOf('pg_backend_pid()'));
const walBytes = () => numberOf(`pg_current_wal_insert_lsn() - '0/0'`);
const bytesPerTask = await numberOf(`pg_total_relation_size('tasks') / (SELECT count(*) FROM tasks)`);
const bytesPerUser = await numberOf(`pg_total_relation_size('owners') / (SELECT count(*) FROM owners)`);

const start = async (batching: boolean): Promise<Service> =>
  opened.use(
    await startService('src/main.ts', {
      NODE_ENV: 'production',
      DATABASE_URL: url,
      DATABASE_BATCHING: String(batching),
      BETTER_AUTH_SECRET: secret,
      // The limits are on and counted, but too high to be reached.
      RATE_LIMIT_MAX: '1000000000',
      RATE_LIMIT_ADDRESS_MAX: '1000000000',
      MAX_CONNECTIONS_PER_ADDRESS: '0',
      OPS_PORT: '0',
    }),
  );
const services: Readonly<Record<Mode, Service>> = { batching: await start(true), single: await start(false) };
const modes = ['batching', 'single'] as const satisfies Mode[];
const requests = {
  batching: await requestsOf(services.batching.url, secret),
  single: await requestsOf(services.single.url, secret),
};

/** What a service and the database use while the work runs. */
const used = async (service: Service, work: () => Promise<number>) => {
  const before = [(await service.usage()).cpuMs, await cpuMsOfServer(postmaster), await walBytes()] as const;
  const count = await work();
  const after = [(await service.usage()).cpuMs, await cpuMsOfServer(postmaster), await walBytes()] as const;
  return {
    serviceCpuMs: (after[0] - before[0]) / count,
    databaseCpuMs: (after[1] - before[1]) / count,
    walBytes: (after[2] - before[2]) / count,
  };
};

type PerRequest = Awaited<ReturnType<typeof used>>;

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

const measure = async (kind: RequestKind): Promise<Record<Mode, PerRequest>> => {
  const measured: Record<Mode, PerRequest[]> = { batching: [], single: [] };
  const send = (mode: Mode, duration: number) => load(services[mode].url, requests[mode][kind], duration);
  for (const mode of modes) await send(mode, 1); // warm-up
  for (let round = 0; round < rounds; round += 1)
    for (const mode of modes) {
      const one = await used(services[mode], async () => {
        const { requests: sent, failures } = await send(mode, seconds);
        if (failures > 0) throw new Error(`${failures} requests failed`);
        return sent;
      });
      measured[mode].push(one);
    }
  const medianOf = (mode: Mode): PerRequest => ({
    serviceCpuMs: rounded(median(measured[mode].map((one) => one.serviceCpuMs)), 4),
    databaseCpuMs: rounded(median(measured[mode].map((one) => one.databaseCpuMs)), 4),
    // Reads write none; what is written meanwhile is the work in the background.
    walBytes:
      kind === 'create' || kind === 'complete'
        ? rounded(median(measured[mode].map((one) => one.walBytes)), 0)
        : 0,
  });
  return { batching: medianOf('batching'), single: medianOf('single') };
};

/** Opens event streams, and measures while nothing happens. */
const measureStreams = async (mode: Mode): Promise<Pick<PerRequest, 'serviceCpuMs' | 'databaseCpuMs'>> => {
  await using open = new AsyncDisposableStack();
  for (let n = 0; n < streams; n += 1) {
    const headers = { authorization: `Bearer ${await tokenFor(ownerName(n % seed.owners), secret)}` };
    const sent = request(`${services[mode].url}/api/tasks/events`, { headers, agent: false });
    open.defer(() => void sent.destroy());
    await new Promise<void>((resolve, reject) => {
      sent.on('error', reject).end();
      sent.on('response', (response) => {
        response.on('error', () => undefined);
        response.once('data', () => resolve());
      });
    });
  }
  const duration = 10;
  const { serviceCpuMs, databaseCpuMs } = await used(services[mode], async () => {
    await pause(duration * 1000);
    return streams * duration;
  });
  return { serviceCpuMs: rounded(serviceCpuMs, 4), databaseCpuMs: rounded(databaseCpuMs, 4) };
};

// Before the writes, which leave work for autovacuum.
const streamCosts = { batching: await measureStreams('batching'), single: await measureStreams('single') };
const kinds = new Map<RequestKind, Record<Mode, PerRequest>>();
for (const kind of requestKinds) {
  process.stderr.write(`${kind} …\n`);
  kinds.set(kind, await measure(kind));
}
const costsOf = (mode: Mode): Costs[Mode] => {
  const of = (kind: RequestKind): PerRequest => {
    const measured = kinds.get(kind);
    if (measured === undefined) throw new Error(`${kind} was not measured`);
    return measured[mode];
  };
  return {
    list: of('list'),
    unchanged: of('unchanged'),
    get: of('get'),
    create: of('create'),
    complete: of('complete'),
    stream: streamCosts[mode],
  };
};
const costs: Costs = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, PostgreSQL ${(await client.query<{ server_version: string }>('SHOW server_version')).rows[0]?.server_version ?? ''}`,
  batching: costsOf('batching'),
  single: costsOf('single'),
  bytesPerTask,
  bytesPerUser,
};
await writeFile('bench/capacity/costs.json', `${JSON.stringify(costs, null, 2)}\n`);
process.stdout.write('bench/capacity/costs.json\n');
