import { expect } from 'chai';
import { fold } from '../../../../src/domain/fold.ts';
import { foldRows } from '../../../../src/infrastructure/postgres/maintenance/fold-rows.ts';
import type { Run } from '../../../../src/infrastructure/postgres/requirements/facts.ts';
import {
  connectFirstEdition,
  type FirstEditionSession,
} from '../../../support/first-edition/connect-first-edition.ts';
import { fillFirstEdition } from '../../../support/first-edition/fill-first-edition.ts';
import { numbers } from '../../../support/in-batches.ts';
import { holdLock } from '../../../support/postgres/held-lock.ts';
import {
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { connect, type Session } from '../../../support/postgres/sql.ts';
import { anOwner, aQuery, aTask, instant, title } from '../../../support/tasks/tasks.ts';

describe('foldRows', () => {
  let subject: PostgresRepository;
  let session: Session;
  let old: FirstEditionSession;
  let statements: string[];
  beforeEach(async () => {
    subject = await postgresRepository();
    session = await connect(subject.url);
    old = await connectFirstEdition(subject.url);
    statements = [];
  });
  afterEach(async () => {
    await old[Symbol.asyncDispose]();
    await session[Symbol.asyncDispose]();
    await subject.close();
  });

  const run: Run = (statement) => {
    statements.push(statement.sql);
    return subject.database.write(statement);
  };
  /** As `run`, with work between the read of a batch and its write. */
  const runAfter =
    (work: () => Promise<unknown>): Run =>
    async (statement) => {
      if (statement.sql.includes('UPDATE tasks')) await work();
      return run(statement);
    };
  const rowsOf = (user: string) =>
    session.run(
      `select id, title, description, title_folded, description_folded, text_revision::int, revision::int, updated_at, is_indexed
       from tasks where owner_id = $1 order by id`,
      [user],
    );
  const rowOf = async (user: string, id: string) => (await rowsOf(user)).find((row) => row['id'] === id);

  const expectFolded = (rows: readonly Record<string, unknown>[]): void => {
    const foldOf = (text: unknown) => (typeof text === 'string' ? fold(text) : null);
    for (const row of rows)
      expect(row).to.deep.include({
        title_folded: foldOf(row['title']),
        description_folded: foldOf(row['description']),
        text_revision: row['revision'],
      });
  };

  it('given tasks of an older version: folds them in batches, returns their number, and changes nothing else', async () => {
    const fillings = [
      { user: 'one', tasks: 5 },
      { user: 'two', tasks: 2 },
    ];
    await fillFirstEdition(subject.url, fillings);
    const before = [...(await rowsOf('one')), ...(await rowsOf('two'))];
    expect(await foldRows(run, 3)).to.equal(7);
    expect(statements).to.have.length(6); // three times a read and a write
    const after = [...(await rowsOf('one')), ...(await rowsOf('two'))];
    expectFolded(after);
    const kept = ({ id, title, description, revision, updated_at }: Record<string, unknown>) => ({
      ...{ id, title, description, revision, updated_at },
    });
    expect(after.map(kept)).to.deep.equal(before.map(kept));
    expect(await session.run('select revision::int from owners order by id')).to.deep.equal(
      fillings.map(({ tasks }) => ({ revision: tasks })),
    );
  });

  it('given text that the trigger folds in another way: its lists get a new revision, and others keep theirs', async () => {
    const [corrected, other] = [anOwner(), anOwner()];
    for (const owner of [corrected, other]) await subject.tasks.add(owner, aTask());
    await session.run('update tasks set text_revision = null');
    await session.run(`update tasks set title = 'οδος' where owner_id = $1`, [corrected.id]);
    await session.run(`update tasks set title = 'Milk' where owner_id = $1`, [other.id]);
    expect(await foldRows(run)).to.equal(2);
    const search = fold('ΟΔΟΣ');
    expect(await subject.tasks.list(corrected.id, aQuery({ search }))).to.deep.include({ revision: 2 });
    expect((await subject.tasks.list(corrected.id, aQuery({ search }))).tasks).to.have.length(1);
    expect(await subject.tasks.list(other.id, aQuery())).to.deep.include({ revision: 1 });
  });

  it('given a call after that: folds none, and reads once', async () => {
    await fillFirstEdition(subject.url, [{ user: 'one', tasks: 6 }]);
    expect(await foldRows(run, 3)).to.equal(6);
    statements.length = 0;
    expect(await foldRows(run, 3)).to.equal(0);
    expect(statements).to.have.length(1);
  });

  it('given tasks of this version alone: folds none', async () => {
    await subject.tasks.add(anOwner(), aTask());
    expect(await foldRows(run)).to.equal(0);
  });

  it('given more tasks than a batch by default: folds all', async () => {
    await fillFirstEdition(subject.url, [{ user: 'one', tasks: 1_100 }]);
    expect(await foldRows(run)).to.equal(1_100);
    expectFolded(await rowsOf('one'));
  });

  it('given a locked task: left, without waiting, for another call', async () => {
    await fillFirstEdition(subject.url, [{ user: 'one', tasks: 5 }]);
    const id = String((await rowsOf('one'))[2]?.['id']);
    await using lock = await holdLock(subject.url, 'select from tasks where id = $1 for update', [id]);
    expect(await foldRows(run, 2)).to.equal(4);
    await lock.session.run('rollback');
    expect(await foldRows(run, 2)).to.equal(1);
    expectFolded(await rowsOf('one'));
  });

  it('given a task that an older version changes after it was read: not folded by its old text', async () => {
    const id = await old.insert('one', { title: 'CAFE\u0301' });
    const run = runAfter(() => old.change('one', id, { title: 'TE\u0301' }));
    expect(await foldRows(run)).to.equal(0);
    expect(await rowOf('one', id)).to.deep.include({
      title_folded: 't\u00e9',
      text_revision: null,
      revision: 2,
    });
    expect(await foldRows((statement) => subject.database.write(statement))).to.equal(1);
    expectFolded(await rowsOf('one'));
  });

  it('given a task that this version changes after it was read: keeps the text of that change', async () => {
    const user = anOwner();
    await old.insert(user.id, { title: 'CAFE\u0301' });
    const [task] = (await subject.tasks.list(user.id, aQuery())).tasks;
    const change = { title: title('TE\u0301'), description: null };
    const run = runAfter(() => subject.tasks.change(user, task!.id, change, instant(1)));
    expect(await foldRows(run)).to.equal(0);
    expectFolded(await rowsOf(user.id));
  });

  it('given a task that is completed after it was read: left for another call', async () => {
    const id = await old.insert('one', { title: 'CAFE\u0301' });
    expect(await foldRows(runAfter(() => old.complete('one', id)))).to.equal(0);
    expect(await foldRows(run)).to.equal(1);
    expectFolded(await rowsOf('one'));
  });

  it('given a task that is deleted after it was read: the others are folded', async () => {
    const id = await old.insert('one', { title: 'CAFE\u0301' });
    await old.insert('one', { title: 'TE\u0301' });
    expect(await foldRows(runAfter(() => old.delete('one', id)))).to.equal(1);
    expectFolded(await rowsOf('one'));
  });

  it('given a change that is not committed when the batch is written: left, and not overwritten', async () => {
    const id = await old.insert('one', { title: 'CAFE\u0301' });
    await using writer = await holdLock(
      subject.url,
      `update tasks set title = 'TE' || chr(769), revision = 2 where id = $1`,
      [id],
    );
    expect(await foldRows(run)).to.equal(0);
    await writer.session.run('commit');
    expect(await rowOf('one', id)).to.deep.include({ title_folded: 't\u00e9', text_revision: null });
    expect(await foldRows(run)).to.equal(1);
    expectFolded(await rowsOf('one'));
  });

  it('given several calls at once: each task is folded once', async () => {
    await fillFirstEdition(subject.url, [{ user: 'one', tasks: 300 }]);
    const counts = await Promise.all(numbers(4).map(() => foldRows(run, 20)));
    expect(counts.reduce((sum, count) => sum + count, await foldRows(run))).to.equal(300);
    expectFolded(await rowsOf('one'));
  });

  it('given writes of both versions meanwhile: none fails, and the text of each task is exact in the end', async () => {
    const users = numbers(3).map(() => anOwner());
    await fillFirstEdition(
      subject.url,
      users.map(({ id }) => ({ user: id, tasks: 50 })),
    );
    const pages = await Promise.all(users.map((user) => subject.tasks.list(user.id, aQuery())));
    const writing = Promise.all(
      users.flatMap((user, n) => [
        Promise.all(
          pages[n]!.tasks.slice(0, 25).map(({ id }) =>
            subject.tasks.change(user, id, { title: title(`New \u00c9 ${id}`) }, instant(1)),
          ),
        ),
        (async () => {
          await using own = await connectFirstEdition(subject.url);
          for (const { id } of pages[n]!.tasks.slice(25))
            await own.change(user.id, id, { title: `Old E\u0301 ${id}` });
        })(),
      ]),
    );
    let isWriting = true;
    const folding = Promise.all(
      numbers(2).map(async () => {
        while (isWriting) await foldRows(run, 10);
      }),
    );
    await writing.finally(() => (isWriting = false));
    await folding;
    await foldRows(run);
    for (const user of users) expectFolded(await rowsOf(user.id));
  });

  for (const [indexing, isIndexed] of [
    [0, false],
    [1, true],
    [2, true],
  ] as const)
    it(`given rows that were there before the columns, and indexing ${indexing}: ${isIndexed ? '' : 'not '}indexed`, async () => {
      await fillFirstEdition(subject.url, [{ user: 'one', tasks: 3 }]);
      await session.run('update owners set indexing = $1', [indexing]);
      await session.run('alter table tasks drop constraint tasks_title_folded');
      await session.run('update tasks set title_folded = null, description_folded = null, is_indexed = null');
      expect(await foldRows(run, 2)).to.equal(3);
      const rows = await rowsOf('one');
      expectFolded(rows);
      expect(rows.map((row) => row['is_indexed'])).to.deep.equal([isIndexed, isIndexed, isIndexed]);
    });

  it('given a row that is indexed already: stays so, whatever its user is', async () => {
    await fillFirstEdition(subject.url, [{ user: 'one', tasks: 1 }]);
    await session.run('update tasks set is_indexed = true');
    expect(await foldRows(run)).to.equal(1);
    expect((await rowsOf('one'))[0]).to.deep.include({ is_indexed: true });
  });
});
