import { expect } from 'chai';
import { setTimeout as pause } from 'node:timers/promises';
import { inBatches, numbers } from '../../../support/in-batches.ts';
import {
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { rejection } from '../../../support/rejection.ts';
import { connect, query } from '../../../support/postgres/sql.ts';
import { until } from '../../../support/until.ts';
import {
  anOwner,
  aQuery,
  aTask,
  instant,
  newTaskId,
  revision,
  uncheckedTitle,
} from '../../../support/tasks/tasks.ts';

describe('pool connections', () => {
  let subject: PostgresRepository;
  beforeEach(async () => {
    subject = await postgresRepository({ poolMax: 3 }, { direct: true });
  });
  afterEach(() => subject.close());

  const backends = async (): Promise<unknown[]> => {
    await using session = await connect(subject.url);
    const rows = await session.run(`select pid from pg_stat_activity
      where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
      order by pid`);
    return rows.map(({ pid }) => pid);
  };

  it('given many refused reads and writes: the connections stay open', async () => {
    const { tasks } = subject;
    const [owner, stranger] = [anOwner(), anOwner()];
    const task = await tasks.add(owner, aTask());
    await Promise.all(numbers(3).map(() => tasks.list(owner.id, aQuery())));
    const before = await backends();
    expect(before).not.to.be.empty;
    await inBatches(5, numbers(300), async (n) => {
      await tasks.find(stranger.id, task.id);
      await tasks.change(stranger, task.id, {}, instant(n));
      await tasks.change(owner, newTaskId(), {}, instant(n));
      await tasks.change(owner, task.id, {}, instant(n), [revision(2)]);
      await tasks.remove(owner, task.id, instant(1), []);
      await tasks.remove(stranger, task.id, instant(1), [task.revision]);
      await rejection(tasks.change(owner, task.id, { title: uncheckedTitle('\0') }, instant(n)));
      await rejection(tasks.add(owner, aTask({ title: uncheckedTitle('\ud83d') })));
    });
    expect(await backends())
      .to.include.members(before)
      .and.have.lengthOf.at.most(3);
    expect(await tasks.find(owner.id, task.id)).to.deep.equal(task);
  });

  it('given lost races: the connections stay open', async () => {
    const { tasks } = subject;
    const owner = anOwner();
    await Promise.all(numbers(3).map(() => tasks.list(owner.id, aQuery())));
    const before = await backends();
    for (let n = 0; n < 20; n += 1) {
      const { id, revision: expected } = await tasks.add(owner, aTask());
      await Promise.all(numbers(6).map(() => tasks.change(owner, id, {}, instant(0), [expected])));
      await Promise.all(numbers(6).map(() => tasks.remove(owner, id, instant(1))));
    }
    expect(await backends())
      .to.include.members(before)
      .and.have.lengthOf.at.most(3);
  });

  it('given more writes than connections: at most poolMax connections are open', async () => {
    const { tasks } = subject;
    const owner = anOwner();
    await Promise.all(numbers(100).map(() => tasks.add(owner, aTask())));
    expect(await backends()).to.have.lengthOf.within(1, 3);
  });

  it('given an idle_session_timeout of the database: idle connections stay open', async () => {
    const { tasks, url } = subject;
    await query(url, `alter database ${new URL(url).pathname.slice(1)} set idle_session_timeout = '200ms'`);
    const owner = anOwner();
    await tasks.add(owner, aTask());
    const before = await backends();
    expect(before).to.have.lengthOf(1);
    await pause(600);
    expect(await backends()).to.deep.equal(before);
    await tasks.add(owner, aTask());
  });

  it('given a closed database: all connections are closed, and none is opened again', async () => {
    const { tasks, database } = subject;
    await tasks.list(anOwner().id, aQuery());
    await database[Symbol.asyncDispose]();
    await until('PostgreSQL has closed the connections', async () => (await backends()).length === 0);
    await rejection(tasks.list(anOwner().id, aQuery()));
    expect(await database.isReady()).to.be.false;
    expect(await backends()).to.deep.equal([]);
  });
});
