import { expect } from 'chai';
import { createClient } from 'redis';
import { emptyDatabase, freshDatabase, type TestDatabase } from '../../support/postgres/postgres.ts';
import { runMain } from '../../support/processes/main-program.ts';
import { startTestRedis } from '../../support/processes/redis.ts';
import { query } from '../../support/postgres/sql.ts';
import { startIssuer } from '../../support/tokens/issuer.ts';
import { keyPairSigner } from '../../support/tokens/signers.ts';

describe('npm run check-config', function () {
  this.timeout(60_000);
  const secret = 'correct horse battery staple, 32 bytes';
  let migrated: TestDatabase;
  let empty: TestDatabase;

  before(async () => {
    migrated = await freshDatabase();
    empty = await emptyDatabase();
  });
  after(async () => {
    await migrated.drop();
    await empty.drop();
  });

  const check = async (environment: Readonly<Record<string, string>>, ...args: readonly string[]) => {
    await using program = runMain(environment, 'cli/check-config', args);
    const code = await program.ended();
    return { code, output: program.output() };
  };

  it('given no configuration: exit code 0, and nothing is started', async () => {
    const { code, output } = await check({});
    expect(code, output).to.equal(0);
    expect(output).to.match(
      /^The configuration is complete\.\nDATABASE_URL is not set: the service will start an embedded PostgreSQL\.\n.*without Redis\.\n.*shared secret\.\n$/,
    );
  });

  it('given several problems, a CORS wildcard among them: lists all, without the secret; exit code 78', async () => {
    const { code, output } = await check({
      NODE_ENV: 'production',
      CORS_ORIGINS: '*',
      RATE_LIMIT_MAX: 'many',
      BETTER_AUTH_SECRET: 'hunter2',
    });
    expect(code).to.equal(78);
    for (const name of ['DATABASE_URL', 'CORS_ORIGINS', 'RATE_LIMIT_MAX', 'BETTER_AUTH_SECRET'])
      expect(output).to.match(new RegExp(`^  - ${name} `, 'm'));
    expect(output).not.to.include('hunter2');
  });

  it('given a role with a short statement_timeout: that of the service counts, exit code 0', async () => {
    const url = new URL(migrated.url);
    url.searchParams.set('options', '-c statement_timeout=1ms');
    const { code, output } = await check({ DATABASE_URL: url.href.replaceAll('+', '%20') });
    expect(code, output).to.equal(0);
  });

  it('given --offline: checks the configuration alone', async () => {
    const unreachable = {
      DATABASE_URL: 'postgres://root@127.0.0.1:1/tasks',
      REDIS_URL: 'redis://127.0.0.1:1',
    };
    const { code, output } = await check(unreachable, '--offline');
    expect(code, output).to.equal(0);
    expect(output).to.equal('The configuration is complete.\n');
    expect((await check({ DATABASE_URL: 'postgres://h/db?sslmode=on' }, '--offline')).code).to.equal(78);
  });

  it('given pending migrations that the start will not run: exit code 69', async () => {
    const { code, output } = await check({ DATABASE_URL: empty.url, MIGRATE_ON_START: 'false' });
    expect(code).to.equal(69);
    expect(output).to.match(/^ {2}- Migrations are missing in the schema public: 0001_/m);
  });

  it('given pending migrations that the start will run: lists them, and runs none', async () => {
    const { code, output } = await check({ DATABASE_URL: empty.url });
    expect(code, output).to.equal(0);
    expect(output).to.match(/^Pending migrations: 0001_\w+(, \d{4}_\w+)*\. Run: npm run migrate$/m);
    expect((await check({ DATABASE_URL: migrated.url })).output).to.include('No migration is pending.');
    const tables = await query(empty.url, `select 1 from pg_tables where schemaname = 'public'`);
    expect(tables).to.deep.equal([]);
  });

  describe('given a superuser', () => {
    before(async function () {
      const [row] = await query(migrated.url, `select current_setting('is_superuser') as superuser`);
      if (row?.['superuser'] === 'on') return;
      console.log('      Skipped: the role of the tests is not a superuser, so it cannot create roles.');
      this.skip();
    });

    it('given a superuser in production: exit code 78; given an ordinary role: exit code 0', async () => {
      const production = { NODE_ENV: 'production', BETTER_AUTH_SECRET: secret };
      const refused = await check({ ...production, DATABASE_URL: migrated.url });
      expect(refused.code).to.equal(78);
      expect(refused.output).to.match(/^ {2}- DATABASE_URL has the role \w+, a superuser/m);
      expect((await check({ DATABASE_URL: migrated.url })).code).to.equal(0);

      const role = `taskhold_check_${process.pid}`;
      await query(migrated.url, `create role ${role} login password 'hunter2'`);
      try {
        await query(
          migrated.url,
          `grant select on migrations to ${role}; grant select, insert, update, delete on owners, tasks, trashed_tasks, tombstones, idempotency_keys to ${role}`,
        );
        const url = new URL(migrated.url);
        [url.username, url.password] = [role, 'hunter2'];
        const accepted = await check({ ...production, DATABASE_URL: url.href });
        expect(accepted.code, accepted.output).to.equal(0);
        expect(accepted.output).to.include(`the role is ${role}.`).and.not.to.include('hunter2');
      } finally {
        await query(migrated.url, `drop owned by ${role}`);
        await query(migrated.url, `drop role ${role}`);
      }
    });
  });

  it('given an unreachable database: prints the error without the password; exit code 69', async () => {
    const { code, output } = await check({ DATABASE_URL: 'postgres://root:hunter2@127.0.0.1:1/tasks' });
    expect(code).to.equal(69);
    expect(output).to.match(
      /^ {2}- PostgreSQL cannot be reached: .*ECONNREFUSED.*\. Check DATABASE_URL and the server$/m,
    );
    expect(output).not.to.include('hunter2');
  });

  it('given a working database, Redis and key set: says what was found; exit code 0', async function () {
    await using redis = await startTestRedis();
    if (redis === null) this.skip();
    await using issuer = await startIssuer(keyPairSigner().jwk);
    const { code, output } = await check({
      DATABASE_URL: migrated.url,
      REDIS_URL: redis.url,
      JWKS_URL: issuer.url,
    });
    expect(code, output).to.equal(0);
    expect(output).to.match(
      /^The connection to the database is (?:not encrypted|encrypted \(TLSv1\.\d\))\.$/m,
    );
    expect(output)
      .to.include('Redis accepts writes.')
      .and.include('The key set of JWKS_URL has 1 usable key.');
  });

  it('given a Redis and a key set that cannot be reached: both are named; exit code 69', async () => {
    const { code, output } = await check({
      REDIS_URL: 'redis://:hunter2@127.0.0.1:1',
      JWKS_URL: 'http://127.0.0.1:1/jwks',
    });
    expect(code).to.equal(69);
    expect(output).to.match(/^ {2}- Redis cannot count requests: .*ECONNREFUSED/m);
    expect(output).to.match(/^ {2}- The key set of JWKS_URL cannot be fetched: /m);
    expect(output).not.to.include('hunter2');
  });

  it('given rediss:// and a Redis without TLS: exit code 69, with a hint at TLS', async function () {
    await using redis = await startTestRedis();
    if (redis === null) this.skip();
    const { code, output } = await check({ REDIS_URL: redis.url.replace('redis:', 'rediss:') });
    expect(code).to.equal(69);
    expect(output).to.match(
      /^ {2}- Redis cannot count requests: .*\. The server may have no TLS on this port/m,
    );
  });

  it('given a Redis that is a read-only replica: exit code 69', async function () {
    await using redis = await startTestRedis();
    if (redis === null) this.skip();
    const client = createClient({ url: redis.url });
    await client.connect();
    try {
      await client.sendCommand(['REPLICAOF', '127.0.0.1', '1']);
      const { code, output } = await check({ REDIS_URL: redis.url });
      expect(code).to.equal(69);
      expect(output).to.match(/^ {2}- Redis cannot count requests: READONLY/m);
    } finally {
      await client.sendCommand(['REPLICAOF', 'NO', 'ONE']);
      client.destroy();
    }
  });
});
