import { expect } from 'chai';
import type { Observation } from '../../../../src/application/ports/observer.ts';
import { minIndexedTasks } from '../../../../src/infrastructure/postgres/maintenance/index-large-lists.ts';
import { maintainLists } from '../../../../src/infrastructure/postgres/maintenance/maintain-lists.ts';
import { connectFirstEdition } from '../../../support/first-edition/connect-first-edition.ts';
import { fillFirstEdition } from '../../../support/first-edition/fill-first-edition.ts';
import { holdOwner } from '../../../support/postgres/held-lock.ts';
import {
  openDatabase,
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { connect, scalar, type Session } from '../../../support/postgres/sql.ts';
import { until } from '../../../support/until.ts';

const pauseMs = 5;

describe('maintainLists on PostgreSQL', () => {
  let subject: PostgresRepository;
  let session: Session;
  let observations: Observation[];
  beforeEach(async () => {
    subject = await postgresRepository();
    session = await connect(subject.url);
    observations = [];
  });
  afterEach(async () => {
    await session[Symbol.asyncDispose]();
    await subject.close();
  });

  const observe = (one: Observation): void => void observations.push(one);
  const isNone = async (condition: string): Promise<boolean> =>
    (await scalar(session, `select count(*)::int from tasks where ${condition}`)) === 0;
  const indexing = () => scalar(session, `select indexing from owners where id = 'large'`);

  it('given several instances, and a list that becomes large: text is folded and the list indexed, again and again', async () => {
    await fillFirstEdition(subject.url, [{ user: 'large', tasks: minIndexedTasks - 1 }]);
    const works = [1, 2].map(() => maintainLists(subject.database, observe, pauseMs));
    try {
      await until('all text is folded', () => isNone('text_revision is null'));
      expect(await indexing()).to.equal(0);
      await using old = await connectFirstEdition(subject.url);
      await old.insert('large', { title: 'One more' });
      await until('the list is indexed', async () => (await indexing()) === 2);
      expect(await isNone('is_indexed is not true')).to.be.true;
      await old.insert('large', { title: 'And another' });
      await until('all text is folded', () => isNone('text_revision is null'));
    } finally {
      await Promise.all(works.map((work) => work[Symbol.asyncDispose]()));
    }
    expect(observations).to.deep.equal([]);
  });

  it('given a disposal while a statement waits for a lock: waits for the statement', async () => {
    await fillFirstEdition(subject.url, [{ user: 'large', tasks: minIndexedTasks }]);
    await using lock = await holdOwner(subject.url, { id: 'large' });
    const work = maintainLists(subject.database, observe, pauseMs);
    await lock.waitedForBy(1);
    let isDisposed = false;
    const disposed = work[Symbol.asyncDispose]().then(() => (isDisposed = true));
    await lock.waitedForBy(1);
    expect(isDisposed).to.be.false;
    await lock.session.run('rollback');
    await disposed;
    expect(await indexing()).to.equal(1); // no statement after the one that waited
    expect(observations).to.deep.equal([]);
  });

  it('given a database that is away for a while: observed by the database alone, and the work goes on', async () => {
    await fillFirstEdition(subject.url, [{ user: 'one', tasks: 3 }]);
    await session.run('alter table tasks rename to away');
    await using database = openDatabase(subject.url, { observe });
    const work = maintainLists(database, observe, pauseMs);
    try {
      await until('a failure is observed', () => observations.length > 0);
      await session.run('alter table away rename to tasks');
      await until('all text is folded', () => isNone('text_revision is null'));
    } finally {
      await work[Symbol.asyncDispose]();
    }
    expect(new Set(observations.map(({ type }) => type))).to.deep.equal(new Set(['database_error']));
  });

  it('given folding that fails: it is observed, and lists are indexed all the same', async () => {
    await fillFirstEdition(subject.url, [{ user: 'large', tasks: minIndexedTasks }]);
    const write: PostgresRepository['database']['write'] = (statement) =>
      statement.sql.includes('title_folded =')
        ? Promise.reject(new Error('refused by a constraint'))
        : subject.database.write(statement);
    const work = maintainLists({ write }, observe, pauseMs);
    try {
      await until('the list is indexed', async () => (await indexing()) === 2);
    } finally {
      await work[Symbol.asyncDispose]();
    }
    expect(new Set(observations.map(({ type }) => type))).to.deep.equal(new Set(['maintenance_failed']));
  });
});
