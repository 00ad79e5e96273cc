import { expect } from 'chai';
import { deleteExpiredKeys } from '../../../../src/infrastructure/postgres/maintenance/delete-expired-keys.ts';
import { runMaintenance } from '../../../../src/infrastructure/postgres/maintenance/run-maintenance.ts';
import type { Run } from '../../../../src/infrastructure/postgres/requirements/facts.ts';
import {
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { connect, scalar, type Session } from '../../../support/postgres/sql.ts';
import { aKeyedRequest, anOwner, aTask } from '../../../support/tasks/tasks.ts';
import { until } from '../../../support/until.ts';

describe('deleteExpiredKeys', () => {
  let subject: PostgresRepository;
  let session: Session;
  let statements: number;
  beforeEach(async () => {
    subject = await postgresRepository();
    session = await connect(subject.url);
    statements = 0;
  });
  afterEach(async () => {
    await session[Symbol.asyncDispose]();
    await subject.close();
  });

  const run: Run = (statement) => {
    statements += 1;
    return subject.database.write(statement);
  };
  const keep = async (keys: number, expired: number): Promise<void> => {
    await session.run(`insert into owners (id, revision, created_at) values ('one', 1, now())`);
    await session.run(
      `insert into idempotency_keys (owner_id, key, fingerprint, expires_at)
      select 'one', n, '', now() + (case when n <= $1 then -1 else 1 end) * interval '1 h'
      from generate_series(1, $2::int) as n`,
      [expired, keys],
    );
  };
  const remaining = () => scalar(session, 'select count(*)::int from idempotency_keys');

  it('given expired keys: deletes them in batches, and no other', async () => {
    await keep(30, 25);
    expect(await deleteExpiredKeys(run, 10)).to.equal(25);
    expect([await remaining(), statements]).to.deep.equal([5, 3]);
    expect(await deleteExpiredKeys(run, 10)).to.equal(0);
    expect([await remaining(), statements]).to.deep.equal([5, 4]);
  });

  it('given several instances at once: together they delete each key once', async () => {
    await keep(500, 450);
    const counts = await Promise.all([1, 2, 3, 4].map(() => deleteExpiredKeys(run, 7)));
    const rest = await deleteExpiredKeys(run, 7);
    expect(counts.reduce((sum, count) => sum + count, rest)).to.equal(450);
    expect(await remaining()).to.equal(50);
  });

  it('given a key that another transaction has locked: does not wait for it', async () => {
    await keep(3, 3);
    await session.run('begin');
    await session.run(`select from idempotency_keys where key = '2' for update`);
    expect(await deleteExpiredKeys(run)).to.equal(2);
    await session.run('rollback');
    expect(await deleteExpiredKeys(run)).to.equal(1);
  });

  it('given a key that is not expired: it is kept, and its result repeated', async () => {
    const [owner, request] = [anOwner(), aKeyedRequest()];
    const { task } = await subject.tasks.once(request).add(owner, aTask());
    expect(await deleteExpiredKeys(run)).to.equal(0);
    expect(await subject.tasks.once(request).add(owner, aTask())).to.deep.equal({ task, isReplay: true });
  });

  it('given the work in the background: expired keys are deleted, though no request uses them', async () => {
    await keep(600, 550);
    const work = runMaintenance(subject.database, () => undefined, {
      trashDays: 30,
      tombstoneDays: 90,
      pauseMs: 5,
    });
    try {
      await until('the expired keys are deleted', async () => (await remaining()) === 50);
    } finally {
      await work[Symbol.asyncDispose]();
    }
  });
});
