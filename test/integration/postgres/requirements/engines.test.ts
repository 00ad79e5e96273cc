import { expect } from 'chai';
import { checkDatabase } from '../../../../src/bootstrap/check-services.ts';
import { migrate, refuseUnusableDatabase } from '../../../../src/bootstrap/prepare-database.ts';
import { ConfigError } from '../../../../src/config/config-error.ts';
import { loadSettings } from '../../../../src/config/load-settings.ts';
import { inspectDatabase } from '../../../../src/infrastructure/postgres/inspect-database.ts';
import { freshDatabase, type TestDatabase } from '../../../support/postgres/postgres.ts';
import { openDatabase } from '../../../support/postgres/postgres-repository.ts';
import { query } from '../../../support/postgres/sql.ts';
import { rejection } from '../../../support/rejection.ts';
import { testSecret } from '../../../support/tokens/tokens.ts';

describe('engines, by a function version() before that of PostgreSQL', () => {
  let given: TestDatabase;
  beforeEach(async () => {
    given = await freshDatabase();
    const name = new URL(given.url).pathname.slice(1);
    await query(given.url, `alter database ${name} set search_path = public, pg_catalog`);
  });
  afterEach(() => given.drop());

  /** Makes the database say so. */
  const define = (name: string, result: string) =>
    query(
      given.url,
      `create or replace function public.${name}() returns text language sql as $$ select '${result}' $$`,
    );
  const check = () =>
    checkDatabase(
      loadSettings({ NODE_ENV: 'test', DATABASE_URL: given.url, BETTER_AUTH_SECRET: testSecret }),
    );

  it('given CockroachDB: neither start, migration, check-config nor a request use it', async () => {
    await define('version', 'CockroachDB CCL v26.2.1 (x86_64-pc-linux-gnu)');
    for (const work of [migrate, refuseUnusableDatabase]) {
      const error = await rejection(work(given.url, {}));
      expect(error).to.be.instanceOf(ConfigError);
      expect(String(error)).to.include('CockroachDB 26.2.1, which cannot be used');
    }
    const { refusals, failures } = await check();
    expect(refusals.join()).to.include('CockroachDB 26.2.1, which cannot be used');
    expect(failures).to.deep.equal([]);
    await using database = openDatabase(given.url);
    expect([await database.isReady(), database.problem()]).to.deep.equal([false, 'unprepared']);
  });

  it('given YugabyteDB without READ COMMITTED: unprepared, and check-config says what to set', async () => {
    await define('version', 'PostgreSQL 15.2-YB-2025.1.2.0-b0 on x86_64-pc-linux-gnu');
    await define('yb_get_effective_transaction_isolation_level', 'repeatable read');
    const { notes, failures, refusals } = await check();
    expect(notes.join('\n')).to.match(
      /^The database is YugabyteDB 2025\.1\.2\.0, based on PostgreSQL \d+; the role/,
    );
    expect(notes.join('\n')).to.include('set DATABASE_BATCHING=false');
    expect(failures.join()).to.include('READ COMMITTED as repeatable read');
    expect(refusals.join()).not.to.include('YugabyteDB');
    await define('yb_get_effective_transaction_isolation_level', 'read committed');
    expect((await inspectDatabase(given.url)).unmet).to.deep.equal([]);
  });
});
