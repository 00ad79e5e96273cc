import pg from 'pg'; import postgres from 'postgres';
import { createDatabase } from '../src/infrastructure/postgres/database.ts';
import { taskColumns } from '../src/infrastructure/postgres/task-row.ts';
import { createPool, sql } from 'slonik';
import { z } from 'zod';
import { postgresTaskRepository } from '../src/infrastructure/postgres/task-repository.ts';
import { mkdtemp } from 'node:fs/promises';
import { startEmbeddedPostgres } from '../src/infrastructure/postgres/embedded.ts';
import { createFilledDatabase } from '../bench/databases.ts';
import { seededTaskId } from '../bench/seed.ts'; import { ownerName } from '../bench/owners.ts';
await using server = await startEmbeddedPostgres(await mkdtemp('/tmp/db-'));
const url = await createFilledDatabase(server.url, 'db');
const db = createDatabase({ url, poolMax: 10, queueMax: 1000, statementTimeoutMs: 5000, preparedStatements: true } as never, () => undefined);
const repo = postgresTaskRepository(db);
const pool = new pg.Pool({ connectionString: url, max: 10 });
const pj = postgres(url, { max: 10 });
const sl = await createPool(url, { maxPoolSize: 10, resetConnection: () => Promise.resolve(), idleTimeout: 60000 });
const row = z.object({}).loose();
const L = 'SELECT id, owner_id AS user_id, title, description, completed, created_at, updated_at, revision FROM tasks WHERE owner_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1001';
const runs: Record<string, (n: number) => Promise<unknown>> = {
  'repo.find': (n) => repo.find(ownerName(n) as never, seededTaskId(n, 1) as never),
  'slonik any': (n) => sl.any(sql.prepared('f', row)`SELECT ${taskColumns} FROM tasks AS task WHERE owner_id = ${ownerName(n)} AND id = ${seededTaskId(n, 1)}::uuid`),
  'pg pool': (n) => pool.query({ name: 'f', text: 'SELECT * FROM tasks WHERE owner_id = $1 AND id = $2', values: [ownerName(n), seededTaskId(n, 1)] }),
  'postgres.js': (n) => pj`SELECT * FROM tasks WHERE owner_id = ${ownerName(n)} AND id = ${seededTaskId(n, 1)}`,
  'repo.list': (n) => repo.list(ownerName(n) as never, { status: 'all', limit: 1000, after: null }),
  'pg list': (n) => pool.query({ name: 'l', text: L, values: [ownerName(n)] }),
  'postgres.js list': (n) => pj`SELECT id, owner_id AS user_id, title, description, completed, created_at, updated_at, revision FROM tasks WHERE owner_id = ${ownerName(n)} ORDER BY created_at DESC, id DESC LIMIT 1000`,
};
const only = process.argv[2];
for (let round = 0; round < 2; round++) for (const [name, run] of Object.entries(runs)) {
  if (only && name !== only) continue;
  const N = name.includes('list') ? 10000 : 20000; let n = 0;
  const work = async (m: number) => { while (n < m) await run(n++ % 1000); };
  await Promise.all(Array.from({ length: 20 }, () => work(2000))); n = 0;
  const c = process.cpuUsage(), t = performance.now();
  await Promise.all(Array.from({ length: 20 }, () => work(N)));
  const u = process.cpuUsage(c);
  console.log(name.padEnd(18), ((u.user + u.system) / N).toFixed(1), 'us cpu', (N / (performance.now() - t) * 1000).toFixed(0), '/s');
}
await pool.end(); await pj.end(); await sl.end(); await db[Symbol.asyncDispose]();
