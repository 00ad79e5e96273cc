import { expect } from 'chai';
import { isTaskId, type TaskId } from '../../../../src/domain/task.ts';
import { foldRows } from '../../../../src/infrastructure/postgres/maintenance/fold-rows.ts';
import {
  connectFirstEdition,
  type FirstEditionSession,
} from '../../../support/first-edition/connect-first-edition.ts';
import {
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { connect, type Session } from '../../../support/postgres/sql.ts';
import { withConcurrentWrites } from '../../../support/postgres/with-concurrent-writes.ts';
import {
  anOwner,
  aQuery,
  aTask,
  description,
  instant,
  searchText,
  title,
} from '../../../support/tasks/tasks.ts';

describe('an older version on the schema of this version', () => {
  let subject: PostgresRepository;
  let session: Session;
  let old: FirstEditionSession;
  before(async () => {
    subject = await postgresRepository();
    session = await connect(subject.url);
    old = await connectFirstEdition(subject.url);
  });
  after(async () => {
    await old[Symbol.asyncDispose]();
    await session[Symbol.asyncDispose]();
    await subject.close();
  });

  const search = async (user: ReturnType<typeof anOwner>, text: string): Promise<readonly string[]> =>
    (await subject.tasks.list(user.id, aQuery({ search: searchText(text) }))).tasks.map(({ id }) => id);
  const fold = () => foldRows((statement) => subject.database.write(statement));
  const rowOf = async (id: string) =>
    (
      await session.run(
        `select title_folded as title, description_folded as description,
           text_revision::int as "textRevision", revision::int, is_indexed as "isIndexed"
         from tasks where id = $1`,
        [id],
      )
    )[0];
  const taskIdOf = (id: string): TaskId => {
    if (!isTaskId(id)) throw new Error(`${id} is no task id`);
    return id;
  };

  it('given an insert: search finds the title and the description at once', async () => {
    const user = anOwner();
    const id = await old.insert(user.id, { title: 'Buy MILK', description: 'Two Litres' });
    expect(await search(user, 'milk')).to.deep.equal([id]);
    expect(await search(user, 'TWO LIT')).to.deep.equal([id]);
    expect(await search(user, 'bread')).to.deep.equal([]);
    expect(await rowOf(id)).to.deep.include({ textRevision: null, isIndexed: false });
  });

  it('given an insert and a change of text that the database folds otherwise: search is exact after foldRows', async () => {
    const user = anOwner();
    const inserted = await old.insert(user.id, { title: 'οδος', description: 'οδος' });
    const changed = await old.insert(user.id, { title: 'Tea' });
    await old.change(user.id, changed, { title: 'Οδος' });
    expect(await search(user, 'ΟΔΟΣ')).to.deep.equal([]);
    expect(await fold()).to.be.at.least(2);
    expect(await search(user, 'ΟΔΟΣ')).to.have.members([inserted, changed]);
    expect(await rowOf(inserted)).to.deep.include({
      title: 'οδοσ',
      description: 'οδοσ',
      textRevision: 1,
    });
    expect(await rowOf(changed)).to.deep.include({ title: 'οδοσ', description: null, textRevision: 3 });
  });

  it('given changes of the title and of the description: search finds the new text, and not the old one', async () => {
    const user = anOwner();
    const task = await subject.tasks.add(
      user,
      aTask({ title: title('Buy milk'), description: description('Two litres') }),
    );
    await old.change(user.id, task.id, { title: 'Buy Bread' });
    expect(await search(user, 'BREAD')).to.deep.equal([task.id]);
    expect(await search(user, 'milk')).to.deep.equal([]);
    await old.change(user.id, task.id, { description: 'One Loaf' });
    expect(await search(user, 'one LOAF')).to.deep.equal([task.id]);
    expect(await search(user, 'litres')).to.deep.equal([]);
    expect(await rowOf(task.id)).to.deep.include({ textRevision: null });
    await old.change(user.id, task.id, { description: null });
    expect(await search(user, 'loaf')).to.deep.equal([]);
  });

  it('given a completion and a deletion: done, and the folded text of this version is kept', async () => {
    const user = anOwner();
    const task = await subject.tasks.add(user, aTask({ title: title('Cafe\u0301') }));
    await old.complete(user.id, task.id);
    expect(await search(user, 'CAF\u00c9')).to.deep.equal([task.id]);
    expect(await rowOf(task.id)).to.deep.include({ textRevision: 1, revision: 2 });
    await old.delete(user.id, task.id);
    expect(await subject.tasks.find(user.id, task.id)).to.be.null;
  });

  for (const how of ['alone', 'in a batch'] as const)
    describe(`then this version, whose write is sent ${how}`, () => {
      const tasks = async () => (how === 'alone' ? subject.tasks : withConcurrentWrites(subject.tasks));
      const user = anOwner();
      const inserted = async () =>
        taskIdOf(await old.insert(user.id, { title: 'CAFE\u0301', description: 'CAFE\u0301' }));

      it('given a change of upper and lower case alone: the text is folded by this revision', async () => {
        const store = await tasks();
        const { id } = await store.add(user, aTask({ title: title('Milk') }));
        await store.change(user, id, { title: title('milk') }, instant(1));
        const row = await rowOf(id);
        expect(row).to.deep.include({ title: 'milk', textRevision: row?.['revision'] });
      });

      it('given a change of title and description: the text is folded by this revision', async () => {
        const store = await tasks();
        const id = await inserted();
        await store.change(
          user,
          id,
          { title: title('E\u0301'), description: description('E\u0301') },
          instant(1),
        );
        const row = await rowOf(id);
        expect(row).to.deep.include({
          title: '\u00e9',
          description: '\u00e9',
          textRevision: row?.['revision'],
        });
      });

      for (const field of ['title', 'description'] as const)
        it(`given a change of the ${field} alone: the text is left to foldRows, which makes it exact`, async () => {
          const store = await tasks();
          const id = await inserted();
          const change =
            field === 'title' ? { title: title('E\u0301') } : { description: description('E\u0301') };
          await store.change(user, id, change, instant(1));
          expect(await rowOf(id)).to.deep.include({ textRevision: null });
          await fold();
          const row = await rowOf(id);
          expect(row).to.deep.include({
            title: 'caf\u00e9',
            description: 'caf\u00e9',
            [field]: '\u00e9',
            textRevision: row?.['revision'],
          });
        });

      it('given a completion: the text is left to foldRows, which makes it exact', async () => {
        const store = await tasks();
        const id = await inserted();
        await store.change(user, id, { completed: true }, instant(1));
        expect(await rowOf(id)).to.deep.include({ textRevision: null });
        await fold();
        const row = await rowOf(id);
        expect(row).to.deep.include({ title: 'caf\u00e9', textRevision: row?.['revision'] });
      });
    });

  for (const [indexing, isIndexed] of [
    [0, false],
    [1, true],
    [2, true],
  ] as const)
    it(`given an insert for a user of indexing ${indexing}: ${isIndexed ? '' : 'not '}indexed`, async () => {
      const user = anOwner();
      await old.insert(user.id, {});
      await session.run('update owners set indexing = $2 where id = $1', [user.id, indexing]);
      const id = await old.insert(user.id, {});
      expect(await rowOf(id)).to.deep.include({ isIndexed });
      await old.change(user.id, id, { title: 'Other' });
      expect(await rowOf(id)).to.deep.include({ isIndexed });
    });

  it('given rows that are inserted with a search path of PostgreSQL alone, as pg_restore does: stored and folded', async () => {
    const user = anOwner();
    await using other = await connect(subject.url);
    await old.insert(user.id, {});
    await other.run(`set search_path = ''`);
    const id = (
      await other.run(
        `insert into public.tasks (owner_id, id, title, completed, created_at, updated_at, revision)
         values ($1, gen_random_uuid(), 'Restored', false, now(), now(), 2) returning id`,
        [user.id],
      )
    )[0]?.['id'];
    expect(await search(user, 'restored')).to.deep.equal([id]);
  });
});
