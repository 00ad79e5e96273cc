import { expect } from 'chai';
import { holdLock } from '../../../support/postgres/held-lock.ts';
import { numbers } from '../../../support/in-batches.ts';
import {
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { rejectionCode } from '../../../support/rejection.ts';
import { connect, scalar, type Session } from '../../../support/postgres/sql.ts';
import { anOwner, aQuery, aTask, instant } from '../../../support/tasks/tasks.ts';
import { until } from '../../../support/until.ts';

describe('writes that PostgreSQL rolls back', () => {
  let subject: PostgresRepository;
  let session: Session;
  beforeEach(async () => {
    subject = await postgresRepository();
    session = await connect(subject.url);
  });
  afterEach(async () => {
    await session[Symbol.asyncDispose]();
    await subject.close();
  });

  /** Makes the first inserts of tasks fail with this SQLSTATE. A sequence counts them: a rollback does not undo it. */
  const failInserts = (times: number, state: string): Promise<unknown> =>
    session.run(`
      create sequence attempts;
      create function refuse() returns trigger language plpgsql as $$ begin
        if nextval('attempts') <= ${times} then raise exception 'refused' using errcode = '${state}'; end if;
        return new;
      end $$;
      create trigger refuse before insert on tasks for each row execute function refuse();`);

  const attempts = () => scalar(session, 'select last_value::int from attempts');

  for (const state of ['40001', '40P01']) {
    it(`given three failures (${state}): the write is retried and takes one revision`, async () => {
      const owner = anOwner();
      await failInserts(3, state);
      const task = await subject.tasks.add(owner, aTask());
      expect(await attempts()).to.equal(4);
      expect(await subject.tasks.list(owner.id, aQuery())).to.deep.equal({
        tasks: [task],
        next: null,
        total: null,
        revision: 1,
      });
    });

    it(`given repeated failures (${state}): unavailable after four attempts, and not done`, async () => {
      const owner = anOwner();
      await failInserts(1000, state);
      expect(await rejectionCode(subject.tasks.add(owner, aTask()))).to.equal('unavailable');
      expect(await attempts()).to.equal(4);
      expect((await subject.tasks.list(owner.id, aQuery())).revision).to.equal(0);
    });
  }

  it('given an unknown outcome (40003): the write is not retried', async () => {
    await failInserts(1, '40003');
    expect(await rejectionCode(subject.tasks.add(anOwner(), aTask()))).to.equal('outcome_unknown');
    expect(await attempts()).to.equal(1);
  });

  it('given serialization failures: the write is retried on the same connection', async () => {
    await failInserts(3, '40001');
    await subject.tasks.list(anOwner().id, aQuery());
    const backends = () =>
      session.run(`select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
        and backend_type = 'client backend' order by pid`);
    const before = await backends();
    await subject.tasks.add(anOwner(), aTask());
    expect(await backends()).to.deep.equal(before);
  });

  it('given a deadlock with a transaction that locks in another order: the write is retried', async () => {
    const { tasks } = subject;
    const owner = anOwner();
    const { id } = await tasks.add(owner, aTask());
    await using held = await holdLock(subject.url, 'update tasks set title = title where id = $1', [id]);
    const changing = tasks.change(owner, id, { completed: true }, instant(1));
    await held.waitedForBy(1);
    await held.session.run(`set local deadlock_timeout = '1min'`); // so that the other session detects the deadlock
    await held.session.run('update owners set email = $2 where id = $1', [owner.id, 'a@b.example']);
    await held.session.run('commit');
    const changed = await changing;
    expect(changed).to.have.nested.include({
      outcome: 'changed',
      'task.completed': true,
      'task.revision': 2,
    });
  });

  it('given a database that is serializable by default: read committed; behind a pooler refused', async () => {
    const name = new URL(subject.url).pathname.slice(1);
    await session.run(`alter database ${name} set default_transaction_isolation = serializable`);
    const { tasks } = subject;
    const owner = anOwner();
    // A pooler refuses the startup parameter that sets the isolation, so it can only be checked.
    if (process.env['TEST_POOLER'] !== undefined) {
      expect(await rejectionCode(tasks.add(owner, aTask()))).to.equal('unavailable');
      return;
    }
    await Promise.all(numbers(5).map(() => tasks.add(owner, aTask())));
    expect((await tasks.list(owner.id, aQuery())).revision).to.equal(5);
  });
});

describe('a read-only database', () => {
  it('given a database that becomes read-only: not ready, and reads succeed', async () => {
    await using resources = new AsyncDisposableStack();
    const subject = await postgresRepository();
    resources.defer(() => subject.close());
    await using session = await connect(subject.url);
    expect(await subject.database.isReady()).to.be.true;
    const name = new URL(subject.url).pathname.slice(1);
    await session.run(`alter database ${name} set default_transaction_read_only = on`);
    await session.run(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`);
    await until('the database is not ready', async () => !(await subject.database.isReady()));
    expect((await subject.tasks.list(anOwner().id, aQuery())).revision).to.equal(0);
    expect(await subject.database.isReady()).to.be.false;
  });
});
