import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/infrastructure/embedded-postgres/embedded-postgres.ts';
import { runMigrations } from '../src/infrastructure/postgres/run-migrations.ts';
import { prepareLists } from '../src/infrastructure/postgres/maintenance/prepare-lists.ts';
import {
  bytesOfIndexes,
  fillLargeLists,
  fillTrash,
  largeUsers,
  measuredLists,
} from './harness/large-lists.ts';
import { load } from './harness/load.ts';
import { ownerName, tokenFor } from './harness/owners.ts';
import { fill } from './harness/seed.ts';
import { startService } from './harness/service.ts';
import { median } from './harness/table.ts';

/*
 * How costs grow with size: an owner with 100,000 tasks and 50,000 in the trash, and owners with 20 in a table of two million, the memory of a
 * long run, the start time, and the size of a full cache. Every figure is printed with its bound.
 */

const { values } = parseArgs({ options: { requests: { type: 'string', default: '1000000' } } });
const secret = 'a-secret-for-the-benchmark-and-nothing-else';
const small = { owners: 95_000, tasksEach: 20 };
const bigOwner = 'bench-big';
const pageSize = 20;

const print = (text: string): boolean => process.stdout.write(`${text}\n`);

await using opened = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), 'taskhold-scale-'));
opened.defer(() => rm(folder, { recursive: true, force: true }));
const server = opened.use(await startEmbeddedPostgres(folder));
await runMigrations(server.url);
print(`filling ${small.owners} owners with ${small.tasksEach} tasks each, and two with large lists …`);
await fill(server.url, small);
const client = new pg.Client({ connectionString: server.url });
await client.connect();
opened.defer(() => client.end());
await fillLargeLists(client);
await prepareLists(client);
await fillTrash(client);
await client.query('VACUUM ANALYZE owners, tasks, trashed_tasks');

const environment = {
  NODE_ENV: 'production',
  DATABASE_URL: server.url,
  BETTER_AUTH_SECRET: secret,
  RATE_LIMIT_MAX: '1000000000',
  RATE_LIMIT_ADDRESS_MAX: '1000000000',
  OPS_PORT: '0',
};

const get = async (url: string, user: string): Promise<Response> => {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${await tokenFor(user, secret)}` } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer;
};

/** Measures pages with the cache off. */
const pages = async (): Promise<void> => {
  await using service = await startService('src/main.ts', { ...environment, CACHE_MAX_OWNERS: '0' });
  const first = `${service.url}/api/tasks?limit=${pageSize}`;
  let fiftieth = first;
  for (let page = 1; page < 50; page += 1) {
    fiftieth = new URL(linkOf(await get(fiftieth, bigOwner)) ?? '', service.url).href;
  }
  const tokens = new Map([[bigOwner, await tokenFor(bigOwner, secret)]]);
  const others = Array.from({ length: 100 }, (_, n) => ownerName(n * 900));
  for (const other of others) tokens.set(other, await tokenFor(other, secret));
  const timed = async (url: string, user: string): Promise<number> => {
    const start = performance.now();
    const answer = await fetch(url, { headers: { authorization: `Bearer ${tokens.get(user) ?? ''}` } });
    await answer.arrayBuffer();
    return performance.now() - start;
  };
  const times = { small: new Array<number>(), first: new Array<number>(), fiftieth: new Array<number>() };
  for (let round = 0; round < 3000; round += 1) {
    times.small.push(await timed(first, others[round % others.length] ?? ''));
    times.first.push(await timed(first, bigOwner));
    times.fiftieth.push(await timed(fiftieth, bigOwner));
  }
  const base = median(times.small);
  print(`a page of an owner with 20 tasks: ${base.toFixed(2)} ms (median of 3,000, one at a time)`);
  for (const which of ['first', 'fiftieth'] as const) {
    const ratio = median(times[which]) / base;
    print(
      `the ${which} page of an owner with ${largeUsers[bigOwner]}: ${ratio.toFixed(2)} × that time (bound: 1.3)`,
    );
  }
};

/** Measures lists of two users with many tasks, with the cache off: what they take 95 of 100 times. */
const lists = async (): Promise<void> => {
  await using service = await startService('src/main.ts', { ...environment, CACHE_MAX_OWNERS: '0' });
  for (const user of ['bench-big', 'bench-below'] as const) {
    print(
      `\nlists of an owner with ${largeUsers[user]} tasks, each page with up to 1,000; p50 and p95 in ms`,
    );
    for (const { target, page, limitMs } of measuredLists) {
      let url = `${service.url}/api/tasks${target}`;
      for (let n = 1; n < page; n += 1) {
        const next = linkOf(await get(url, user));
        if (next === undefined) break; // the last page of a shorter list
        url = new URL(next, service.url).href;
      }
      const times: number[] = [];
      for (let round = 0; round < 100; round += 1) {
        const start = performance.now();
        await (await get(url, user)).arrayBuffer();
        times.push(performance.now() - start);
      }
      times.sort((a, b) => a - b);
      const [p50 = 0, p95 = 0] = [times[49], times[94]];
      const name = `${target}${page > 1 ? ` page ${page}` : ''}`;
      const verdict = p95 <= limitMs ? '' : ' EXCEEDED';
      print(
        `${p50.toFixed(1).padStart(7)} ${p95.toFixed(1).padStart(7)}  ${name} (bound: ${limitMs})${verdict}`,
      );
    }
  }
  for (const [name, bytes] of await bytesOfIndexes(client))
    print(`${name}: ${bytes.toFixed(0)} MB for a million tasks of large lists`);
};

const linkOf = (answer: Response): string | undefined =>
  /<([^>]+)>/.exec(answer.headers.get('link') ?? '')?.[1];

/** Measures the start, and the memory of a long run over many owners. */
const longRun = async (): Promise<void> => {
  const begun = performance.now();
  await using service = await startService('src/main.ts', environment);
  print(`first response ${(performance.now() - begun).toFixed(0)} ms after the start (bound: 1,000)`);
  const users = await Promise.all(Array.from({ length: 10_000 }, (_, n) => tokenFor(ownerName(n), secret)));
  const requests = users.map((token) => ({
    method: 'GET' as const,
    path: '/api/tasks',
    headers: { authorization: `Bearer ${token}` },
  }));
  /** Memory after each round, in MB. */
  const memoryOver = async (rounds: number, owners: number): Promise<readonly number[]> => {
    const samples: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { failures, requests: answered } = await load(service.url, requests.slice(0, owners), 5);
      if (failures > 0) throw new Error(`${failures} requests failed`);
      sent += answered;
      samples.push((await service.usage()).memoryMb);
    }
    return samples;
  };
  // Samples contain garbage between collections; the lowest of several is close to the retained memory.
  const lowest = (samples: readonly number[]): number => Math.min(...samples);
  let sent = 0;
  // In the first seconds memory also grows by the warm-up, whatever the number of owners.
  const warm = (samples: readonly number[]): readonly number[] => samples.slice(samples.length / 2);
  const few = lowest(warm(await memoryOver(8, 100)));
  const many = lowest(warm(await memoryOver(8, 10_000)));
  print(`10,000 owners in the cache: ${(many - few).toFixed(0)} MB more than 100 (bound: 150)`);
  sent = 0;
  const samples: number[] = [];
  while (sent < Number(values.requests)) samples.push(...(await memoryOver(2, 10_000)));
  const half = Math.floor(samples.length / 2);
  const growth = lowest(samples.slice(half)) / lowest(samples.slice(0, half));
  print(`memory over ${sent} requests: ${samples.map((mb) => mb.toFixed(0)).join(' ')} MB`);
  print(`lowest memory of the second half relative to the first: ${growth.toFixed(2)} × (flat: up to 1.1)`);
};

await lists();
await pages();
await longRun();
