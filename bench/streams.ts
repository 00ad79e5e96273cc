import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../src/infrastructure/embedded-postgres/embedded-postgres.ts';
import { runMigrations } from '../src/infrastructure/postgres/run-migrations.ts';
import { load } from './harness/load.ts';
import { ownerName, tokenFor } from './harness/owners.ts';
import { fill } from './harness/seed.ts';
import { startService, type Service } from './harness/service.ts';

/*
 * What event streams cost: memory and processor time of 1,000 open streams while nothing happens, and the time from a write
 * through another instance, under load, to its event. Every figure is printed with its bound.
 */

const secret = 'a-secret-for-the-benchmark-and-nothing-else';
const streams = 1_000;
const idleSeconds = 20;
const loadSeconds = 20;
const writers = 16;

const print = (text: string): boolean => process.stdout.write(`${text}\n`);

await using opened = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), 'taskhold-streams-'));
opened.defer(() => rm(folder, { recursive: true, force: true }));
const server = opened.use(await startEmbeddedPostgres(folder));
await runMigrations(server.url);
await fill(server.url, { owners: streams + 100, tasksEach: 20 });

const environment = {
  NODE_ENV: 'production',
  DATABASE_URL: server.url,
  BETTER_AUTH_SECRET: secret,
  RATE_LIMIT_MAX: '0',
  MAX_CONNECTIONS_PER_ADDRESS: '0',
  OPS_PORT: '0',
};
const start = async (): Promise<Service> => opened.use(await startService('src/main.ts', environment));
const tokens = await Promise.all(
  Array.from({ length: streams + 100 }, (_, n) => tokenFor(ownerName(n), secret)),
);

/** A stream of one user; `arrived` has the time of each revision. */
interface Follower {
  readonly arrived: Map<number, number>;
  readonly token: string;
}

const follow = (service: Service, token: string): Promise<Follower> =>
  new Promise((resolve, reject) => {
    const follower = { arrived: new Map<number, number>(), token };
    const headers = { authorization: `Bearer ${token}` };
    const sent = request(`${service.url}/api/tasks/events`, { headers, agent: false });
    opened.defer(() => void sent.destroy());
    sent.on('error', reject).end();
    sent.on('response', (response) => {
      if (response.statusCode !== 200) reject(new Error(`Answered ${response.statusCode}`));
      response.setEncoding('latin1').on('data', (text: string) => {
        for (const [, id] of text.matchAll(/^id: (\d+)$/gm)) {
          follower.arrived.set(Number(id), performance.now());
          resolve(follower);
        }
      });
      response.on('error', () => undefined);
    });
  });

const requestsOf = (users: readonly string[]) =>
  users.map((token) => ({
    method: 'GET' as const,
    path: '/api/tasks',
    headers: { authorization: `Bearer ${token}` },
  }));

/** The lowest of several samples: they contain garbage between collections. In MB. */
const lowestMemory = async (service: Service, seconds: number): Promise<number> => {
  let lowest = Infinity;
  for (let second = 0; second < seconds; second += 1) {
    await pause(1_000);
    lowest = Math.min(lowest, (await service.usage()).memoryMb);
  }
  return lowest;
};

const service = await start();
await load(service.url, requestsOf(tokens.slice(streams)), 10);
const before = await lowestMemory(service, 5);
const followers: Follower[] = [];
for (const token of tokens.slice(0, streams)) followers.push(await follow(service, token));
const after = await lowestMemory(service, idleSeconds);
const cpu = (await service.usage()).cpuMs;
await pause(idleSeconds * 1_000);
const used = ((await service.usage()).cpuMs - cpu) / (idleSeconds * 1_000);
print(`memory per stream: ${(((after - before) * 1024) / streams).toFixed(1)} kB (bound: 30)`);
print(`processor while nothing happens: ${(used * 100).toFixed(1)} % of a core (bound: 5)`);

/** Creates tasks one after the other for random users, and measures until each event. */
const other = await start();
const delays: number[] = [];
const isOver = AbortSignal.timeout(loadSeconds * 1_000);
const write = async (n: number): Promise<void> => {
  for (let index = n; !isOver.aborted; index = (index + writers) % streams) {
    const follower = followers[index];
    if (follower === undefined) throw new Error('No such stream');
    const answer = await fetch(`${other.url}/api/tasks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${follower.token}`, 'content-type': 'application/json' },
      body: '{"title":"Buy milk"}',
    });
    const written = performance.now();
    const revision = Number(/"revision":(\d+)/.exec(await answer.text())?.[1] ?? Number.NaN);
    if (Number.isNaN(revision)) throw new Error(`Answered ${answer.status}`);
    while (!follower.arrived.has(revision)) await pause(1);
    delays.push((follower.arrived.get(revision) ?? 0) - written);
  }
};
const [busy] = await Promise.all([
  load(service.url, requestsOf(tokens), loadSeconds),
  ...Array.from({ length: writers }, (_, n) => write(n)),
]);
delays.sort((a, b) => a - b);
const at = (share: number): string => (delays[Math.floor(delays.length * share)] ?? NaN).toFixed(0);
print(
  `from a write to its event, at ${busy.requestsPerSecond.toFixed(0)} lists per second of the instance with the streams: p50 ${at(0.5)} ms, ` +
    `p99 ${at(0.99)} ms, longest ${at(0.9999)} ms, of ${delays.length} (bound of p99: 1,000)`,
);
