import { expect } from 'chai';
import type { Observation } from '../../../../src/application/ports/observer.ts';
import { runMigrations } from '../../../../src/infrastructure/postgres/run-migrations.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { embeddedFolder, type EmbeddedFolder } from '../../../support/embedded-postgres/embedded-folder.ts';
import { holdLock } from '../../../support/postgres/held-lock.ts';
import { openDatabase } from '../../../support/postgres/postgres-repository.ts';
import { postmasterOf } from '../../../support/postgres/postmaster.ts';
import { connect, query } from '../../../support/postgres/sql.ts';
import { rejectionCode } from '../../../support/rejection.ts';
import { anOwner, aQuery, aTask } from '../../../support/tasks/tasks.ts';
import { until } from '../../../support/until.ts';

describe('a PostgreSQL server that stops and starts again', function () {
  this.timeout(60_000);
  const owner = anOwner();
  let folder: EmbeddedFolder;
  let url: string;
  let observations: Observation[];

  before(async () => {
    folder = await embeddedFolder(null);
    ({ url } = await folder.start({ max_prepared_transactions: '1' }));
    await runMigrations(url);
  });
  after(() => folder[Symbol.asyncDispose]());
  beforeEach(() => {
    observations = [];
  });

  const signal = async (name: 'SIGTERM' | 'SIGINT'): Promise<void> => {
    process.kill((await postmasterOf(folder.path)) ?? 0, name);
  };
  const open = () => openDatabase(url, { poolMax: 2, observe: (one) => void observations.push(one) });
  /** The reasons and the SQLSTATE codes that were observed, each once. */
  const observed = (): readonly string[] => [
    ...new Set(
      observations.map((one) => {
        if (one.type !== 'database_error') return one.type;
        const { error, reason } = one;
        const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
        return `${reason} ${cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)}`;
      }),
    ),
  ];
  const refusesConnections = (): Promise<boolean> =>
    connect(url).then(
      (session) => session[Symbol.asyncDispose]().then(() => false),
      () => true,
    );

  it('given 57P01 to running statements: a read is unavailable, the outcome of a write is unknown, and both work again', async () => {
    await using database = open();
    const tasks = postgresTaskRepository(database);
    const { revision } = await tasks.add(owner, aTask());
    await using lock = await holdLock(url, 'lock table tasks', []);
    const codes = Promise.all(
      [tasks.add(owner, aTask()), tasks.list(owner.id, aQuery())].map((call) => rejectionCode(call)),
    );
    await lock.waitedForBy(2);
    await lock.session.run(`prepare transaction 'held'`); // keeps the lock until the end of the server, and after it
    await signal('SIGINT'); // a fast shutdown
    expect(await codes).to.deep.equal(['outcome_unknown', 'unavailable']);
    expect(observed()).to.deep.equal(['restarting 57P01']);
    await until('ready', () => database.isReady(), 20_000);
    await query(url, `rollback prepared 'held'`);
    expect(await tasks.list(owner.id, aQuery())).to.include({ revision });
  });

  it('given 57P03 to new connections: unavailable, and connects once the server has started again', async () => {
    await using database = open();
    const tasks = postgresTaskRepository(database);
    await using session = await connect(url);
    await signal('SIGTERM'); // a smart shutdown: waits for the session
    await until('new connections are refused', refusesConnections);
    expect(await rejectionCode(tasks.add(owner, aTask()))).to.equal('unavailable');
    expect(await rejectionCode(tasks.list(owner.id, aQuery()))).to.equal('unavailable');
    expect(await database.isReady()).to.be.false;
    expect(observed()).to.deep.equal(['restarting 57P03']);
    expect(await session.run('select 1 as one')).to.deep.equal([{ one: 1 }]);
    await signal('SIGINT');
    await until('ready', () => database.isReady(), 20_000);
    await tasks.add(owner, aTask());
  });
});
