/*
 * Runs the suites that depend on PostgreSQL on every kind of server: `npm run test:matrix`, or without one of them:
 * `npm run test:matrix -- --without embedded`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { isDockerAvailable } from '../test/support/processes/docker.ts';

interface Engine {
  /** The name for `--without`. */
  readonly key: string;
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Why the engine is not available; null if it is. */
  readonly absent: string | null;
}

interface Result {
  readonly passing: number;
  readonly failing: number;
  readonly pending: number;
  readonly seconds: number;
}

const { values } = parseArgs({
  options: { without: { type: 'string', multiple: true, default: [] } },
});

/** The other integration tests start a PostgreSQL of their own, or none. */
const suites = [
  'test/contract',
  'test/integration/postgres',
  'test/integration/service/several-instances.test.ts',
  'test/http',
];

/** A running server; by default Debian's PostgreSQL on port 5432. */
const givenUrl = process.env['MATRIX_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

const versionAt = async (url: string): Promise<string | null> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return rows[0]?.server_version ?? null;
  } catch {
    return null;
  } finally {
    await client.end();
  }
};

const engines = async (): Promise<readonly Engine[]> => {
  const given = await versionAt(givenUrl);
  const pooler = spawnSync('pgbouncer', ['--version']).status === 0;
  return [
    {
      key: 'container',
      name: 'PostgreSQL 18 in a container',
      environment: { TEST_DATABASE: 'container' },
      absent: (await isDockerAvailable()) ? null : 'no Docker engine responds',
    },
    {
      key: 'embedded',
      name: 'PostgreSQL 18, embedded',
      environment: { TEST_DATABASE: 'embedded' },
      absent: null,
    },
    {
      key: 'url',
      name: `PostgreSQL ${given?.split(' ')[0] ?? 'by URL'}, by URL`,
      environment: { TEST_DATABASE: givenUrl },
      absent: given === null ? 'MATRIX_DATABASE_URL, or 127.0.0.1:5432, does not respond' : null,
    },
    {
      key: 'pgbouncer',
      name: 'PostgreSQL 18 behind PgBouncer, in transaction mode',
      environment: { TEST_DATABASE: 'embedded', TEST_POOLER: 'pgbouncer' },
      absent: pooler ? null : 'pgbouncer is not installed',
    },
  ];
};

const count = (output: string, word: string): number =>
  Number(new RegExp(`^\\s*(\\d+) ${word}`, 'm').exec(output)?.[1] ?? 0);

const run = async ({ environment }: Engine): Promise<Result> => {
  const begun = performance.now();
  const child = spawn('mocha', suites, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    process.stdout.write(chunk);
  });
  await once(child, 'close');
  const crashed = child.exitCode !== 0 && count(output, 'failing') === 0;
  return {
    passing: count(output, 'passing'),
    failing: count(output, 'failing') + (crashed ? 1 : 0),
    pending: count(output, 'pending'),
    seconds: (performance.now() - begun) / 1000,
  };
};

const rows: string[] = [];
const total = { passing: 0, failing: 0 };
const chosen = (await engines()).filter(({ key }) => !values.without.includes(key));
for (const engine of chosen) {
  if (engine.absent !== null) {
    rows.push(`| ${engine.name} | not run: ${engine.absent} | | | |`);
    continue;
  }
  process.stdout.write(`\n${engine.name}\n`);
  const { passing, failing, pending, seconds } = await run(engine);
  total.passing += passing;
  total.failing += failing;
  rows.push(`| ${engine.name} | ${passing} | ${failing} | ${pending} | ${seconds.toFixed(0)} |`);
}
process.stdout.write(`
| engine | passing | failing | pending | seconds |
|---|---:|---:|---:|---:|
${rows.join('\n')}

Total: ${total.passing} passing, ${total.failing} failing
`);
process.exitCode = total.failing > 0 ? 1 : 0;
