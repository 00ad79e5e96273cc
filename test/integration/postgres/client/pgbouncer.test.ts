import { expect } from 'chai';
import { runMigrations } from '../../../../src/infrastructure/postgres/run-migrations.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { taskRepositoryContract } from '../../../contract/task-repository.ts';
import { startPgBouncer, type PgBouncer } from '../../../support/postgres/pgbouncer.ts';
import { expireKeys, openDatabase } from '../../../support/postgres/postgres-repository.ts';
import { emptyDatabase, freshDatabase } from '../../../support/postgres/postgres.ts';
import { query } from '../../../support/postgres/sql.ts';
import { rejectionCode } from '../../../support/rejection.ts';
import { anOwner, aQuery, aTask } from '../../../support/tasks/tasks.ts';
import { until } from '../../../support/until.ts';

describe('PgBouncer in transaction mode', () => {
  const opened = new AsyncDisposableStack();
  let pooler: PgBouncer;

  before(async function () {
    this.timeout(60_000);
    const { url, drop } = await freshDatabase();
    opened.defer(drop);
    const started = await startPgBouncer(url);
    if (started === null) {
      console.log('PgBouncer is not tested: it is not installed (apt-get install pgbouncer).');
      this.skip();
    }
    console.log(`Pooler for the tests: ${started.version}`);
    pooler = opened.use(started);
  });
  after(() => opened.disposeAsync());

  taskRepositoryContract('PostgreSQL, without prepared statements', () => {
    const database = openDatabase(pooler.url, { preparedStatements: false });
    const tasks = postgresTaskRepository(database);
    return Promise.resolve({
      tasks,
      expireKeys: () => expireKeys(pooler.url),
      close: async () => database[Symbol.asyncDispose](),
    });
  });

  it('given a killed PgBouncer: writes are unavailable, and succeed again once it runs', async () => {
    await using database = openDatabase(pooler.url, { preparedStatements: false });
    const tasks = postgresTaskRepository(database);
    const owner = anOwner();
    const task = await tasks.add(owner, aTask());
    await pooler.kill();
    // The first write can be sent on a connection that is breaking: then its outcome is unknown.
    const codes = [
      await rejectionCode(tasks.add(owner, aTask())),
      await rejectionCode(tasks.add(owner, aTask())),
    ];
    expect(codes[0]).to.be.oneOf(['outcome_unknown', 'unavailable']);
    expect(codes[1]).to.equal('unavailable');
    expect(await database.isReady()).to.be.false;
    await pooler.start();
    await until('the database is back', () => database.isReady(), 2000);
    expect((await tasks.list(owner.id, aQuery())).tasks).to.deep.equal([task]);
  });

  it('given migrations: their session settings do not stay on the connections of PgBouncer', async () => {
    const { url, drop } = await emptyDatabase();
    await using undo = new AsyncDisposableStack();
    undo.defer(drop);
    await query(url, `alter database ${new URL(url).pathname.slice(1)} set lock_timeout = '7s'`);
    await query(url, `alter database ${new URL(url).pathname.slice(1)} set statement_timeout = '8s'`);
    const single = await startPgBouncer(url, { settings: { default_pool_size: 1, server_idle_timeout: 60 } });
    if (single === null) throw new Error('PgBouncer is not installed');
    undo.use(single);
    expect((await runMigrations(single.url)).migrations).not.to.be.empty;
    expect((await runMigrations(single.url)).migrations).to.deep.equal([]);
    const settings = `select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement,
      (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks`;
    expect(await query(single.url, settings)).to.deep.equal([{ lock: '7s', statement: '8s', locks: 0 }]);
  });
});
