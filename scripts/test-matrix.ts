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
  readonly suites?: readonly string[];
  /** What another engine, or another command of CI, tests as well. */
  readonly ignored?: readonly string[];
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
const allSuites = [
  'test/contract',
  'test/integration/postgres',
  'test/integration/service/several-instances.test.ts',
  'test/http',
];

/** Those of them that send requests. The contract suites on partitioned tables are in `test/integration/postgres`. */
const ofRequests = [
  'test/integration/service/several-instances.test.ts',
  'test/http/tasks',
  'test/http/users',
];

/** These run without PostgreSQL. */
const withoutDatabase = ['rate-limiter', 'redis-loads', 'redis-refuses', 'token-verifier'].map(
  (name) => `test/contract/${name}.test.ts`,
);

/** Tests that start a server or pooler of their own, the same for each engine. */
const withOwnServer = ['client/pgbouncer.test.ts', 'partitioned/**'].map(
  (path) => `test/integration/postgres/${path}`,
);

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
      suites: ['test/contract', 'test/integration/postgres'],
      ignored: withOwnServer,
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
      ignored: withOwnServer,
      absent: pooler ? null : 'pgbouncer is not installed',
    },
    {
      key: 'partitioned',
      name: 'PostgreSQL 18, tables partitioned by user, without batching',
      environment: { TEST_DATABASE: 'embedded', TEST_SCHEMA: 'partitioned' },
      suites: ofRequests,
      absent: null,
    },
  ];
};

const count = (output: string, word: string): number =>
  Number(new RegExp(`^\\s*(\\d+) ${word}`, 'm').exec(output)?.[1] ?? 0);

/** Prints the output as a whole at the end, because other engines run at the same time. */
const run = async ({ name, environment, suites = allSuites, ignored = [] }: Engine): Promise<Result> => {
  const begun = performance.now();
  const without = [...withoutDatabase, ...ignored].flatMap((pattern) => ['--ignore', pattern]);
  const child = spawn('mocha', [...suites, ...without], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  await once(child, 'close');
  process.stdout.write(`\n${name}\n${output}`);
  const crashed = child.exitCode !== 0 && count(output, 'failing') === 0;
  return {
    passing: count(output, 'passing'),
    failing: count(output, 'failing') + (crashed ? 1 : 0),
    pending: count(output, 'pending'),
    seconds: (performance.now() - begun) / 1000,
  };
};

const chosen = (await engines()).filter(({ key }) => !values.without.includes(key));
const rows = new Map<Engine, string>();
const total = { passing: 0, failing: 0 };

const waiting = [...chosen];
const runWaiting = async (): Promise<void> => {
  for (let engine = waiting.shift(); engine !== undefined; engine = waiting.shift()) {
    if (engine.absent !== null) {
      rows.set(engine, `| ${engine.name} | not run: ${engine.absent} | | | |`);
      continue;
    }
    const { passing, failing, pending, seconds } = await run(engine);
    total.passing += passing;
    total.failing += failing;
    rows.set(engine, `| ${engine.name} | ${passing} | ${failing} | ${pending} | ${seconds.toFixed(0)} |`);
  }
};
// Two runs suit two processors: each of them and its server wait for each other.
await Promise.all([runWaiting(), runWaiting()]);

process.stdout.write(`
| engine | passing | failing | pending | seconds |
|---|---:|---:|---:|---:|
${chosen.map((engine) => rows.get(engine)).join('\n')}

Total: ${total.passing} passing, ${total.failing} failing
`);
process.exitCode = total.failing > 0 ? 1 : 0;
