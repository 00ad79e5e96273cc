import { expect } from 'chai';
import { indexLargeLists } from '../../../../src/infrastructure/postgres/maintenance/index-large-lists.ts';
import type { Run } from '../../../../src/infrastructure/postgres/requirements/facts.ts';
import { connectFirstEdition } from '../../../support/first-edition/connect-first-edition.ts';
import { fillFirstEdition } from '../../../support/first-edition/fill-first-edition.ts';
import { numbers } from '../../../support/in-batches.ts';
import { holdLock } from '../../../support/postgres/held-lock.ts';
import {
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { connect, scalar, type Session } from '../../../support/postgres/sql.ts';
import { anOwner, aTask, instant } from '../../../support/tasks/tasks.ts';

describe('indexLargeLists', () => {
  const user = anOwner();
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

  const run: Run = (statement) => subject.database.write(statement);
  /** As `run`, with work before the statement that marks a user, indexes a batch, or ends the work for a user. */
  const runWith =
    (before: 'SET indexing = 1' | 'SET is_indexed' | 'SET indexing = 2', work: () => Promise<unknown>): Run =>
    async (statement) => {
      if (statement.sql.includes(before)) await work();
      return run(statement);
    };
  const fill = (tasks: number) => fillFirstEdition(subject.url, [{ user: user.id, tasks }]);
  const indexing = () => scalar(session, 'select indexing from owners where id = $1', [user.id]);
  const notIndexed = () =>
    scalar(session, 'select count(*)::int from tasks where owner_id = $1 and is_indexed is not true', [
      user.id,
    ]);
  const expectIndexed = async (): Promise<void> => {
    expect(await indexing()).to.equal(2);
    expect(await notIndexed()).to.equal(0);
  };

  it('given a user with one task less than the minimum: not indexed; with one more: indexed', async () => {
    await fill(9);
    await indexLargeLists(run, 10);
    expect([await indexing(), await notIndexed()]).to.deep.equal([0, 9]);
    await subject.tasks.add(user, aTask());
    await indexLargeLists(run, 10);
    await expectIndexed();
  });

  it('given a user with many writes and few tasks: not indexed', async () => {
    await fill(9);
    await session.run('update owners set revision = 1000');
    await indexLargeLists(run, 10);
    expect([await indexing(), await notIndexed()]).to.deep.equal([0, 9]);
  });

  it('given several users: only the tasks of those with many are indexed', async () => {
    await fillFirstEdition(subject.url, [
      { user: 'large', tasks: 12 },
      { user: 'larger', tasks: 13 },
      { user: 'small', tasks: 5 },
    ]);
    await indexLargeLists(run, 10);
    expect(
      await session.run(
        `select owners.id, indexing, count(*) filter (where is_indexed)::int as indexed
         from owners join tasks on owner_id = owners.id group by owners.id order by owners.id`,
      ),
    ).to.deep.equal([
      { id: 'large', indexing: 2, indexed: 12 },
      { id: 'larger', indexing: 2, indexed: 13 },
      { id: 'small', indexing: 0, indexed: 0 },
    ]);
  });

  it('given more tasks than a batch has: all are indexed, and nothing else of them changes', async () => {
    await fill(500);
    const contents = () =>
      session.run(
        'select id, title, title_folded, text_revision, updated_at, revision from tasks order by id',
      );
    const before = await contents();
    await indexLargeLists(run, 10);
    await expectIndexed();
    expect(await contents()).to.deep.equal(before);
    expect(await scalar(session, 'select revision::int from owners')).to.equal(500);
  });

  it('given a user who has fewer tasks than before: stays indexed, new tasks too', async () => {
    const tasks = await Promise.all(numbers(10).map(() => subject.tasks.add(user, aTask())));
    await indexLargeLists(run, 10);
    for (const { id } of tasks.slice(1)) await subject.tasks.remove(user, id, instant(1));
    await subject.tasks.add(user, aTask());
    await indexLargeLists(run, 10);
    await expectIndexed();
  });

  it('given a user whose indexing was interrupted: it is finished, whatever the number of tasks is', async () => {
    await fill(250);
    await session.run('update owners set indexing = 1');
    await session.run('update tasks set is_indexed = true where revision % 2 = 0');
    await indexLargeLists(run, 1_000);
    await expectIndexed();
  });

  it('given an interruption between batches: another call finishes', async () => {
    await fill(450);
    let batches = 0;
    const failing = runWith('SET is_indexed', () =>
      (batches += 1) === 2 ? Promise.reject(new Error('interrupted')) : Promise.resolve(),
    );
    await indexLargeLists(failing, 10).catch(() => undefined);
    expect([await indexing(), await notIndexed()]).to.deep.equal([1, 250]);
    await indexLargeLists(run, 10);
    await expectIndexed();
  });

  it('given a locked task: left, without waiting, and the user is not finished before another call', async () => {
    await fill(20);
    await using lock = await holdLock(subject.url, 'select from tasks where revision = 5 for update', []);
    await indexLargeLists(run, 10);
    expect([await indexing(), await notIndexed()]).to.deep.equal([1, 1]);
    await lock.session.run('rollback');
    await indexLargeLists(run, 10);
    await expectIndexed();
  });

  for (const moment of ['SET indexing = 1', 'SET is_indexed', 'SET indexing = 2'] as const)
    it(`given tasks that both versions add and change just before "${moment}": indexed`, async () => {
      await fill(20);
      await using old = await connectFirstEdition(subject.url);
      const write = async (): Promise<void> => {
        const task = await subject.tasks.add(user, aTask());
        const id = await old.insert(user.id, {});
        await old.change(user.id, task.id, { title: 'Other' });
        await old.complete(user.id, id);
        await subject.tasks.change(user, task.id, { completed: true }, instant(1));
      };
      await indexLargeLists(runWith(moment, write), 10);
      await expectIndexed();
    });

  for (const version of ['this version', 'an older version'])
    it(`given a task that ${version} adds, not committed when its user is marked: indexed, because the mark waits for it`, async () => {
      await fill(20);
      await using writer = await holdLock(
        subject.url,
        'update owners set revision = revision + 1 where id = $1',
        [user.id],
      );
      const own = version === 'this version';
      await writer.session.run(
        `insert into tasks (owner_id, id, title, completed, created_at, updated_at, revision
           ${own ? ', title_folded, text_revision, is_indexed' : ''})
         values ($1, gen_random_uuid(), 'New', false, now(), now(), 21 ${own ? `, 'new', 21, false` : ''})`,
        [user.id],
      );
      const work = indexLargeLists(run, 10);
      await writer.waitedForBy(1);
      await writer.session.run('commit');
      await work;
      await expectIndexed();
    });

  it('given several calls at once, beside writes of both versions: every task is indexed in the end', async () => {
    await fill(400);
    const writers = [
      async () => {
        for (const n of numbers(40)) await subject.tasks.add(user, aTask({ createdAt: instant(n) }));
      },
      async () => {
        await using old = await connectFirstEdition(subject.url);
        for (const n of numbers(40))
          await old.complete(user.id, await old.insert(user.id, { title: `Task ${n}` }));
      },
    ];
    await Promise.all([
      ...writers.map((write) => write()),
      ...numbers(3).map(() => indexLargeLists(run, 10)),
    ]);
    await indexLargeLists(run, 10);
    await expectIndexed();
  });
});
