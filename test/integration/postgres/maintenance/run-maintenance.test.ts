import { expect } from 'chai';
import { setTimeout as pause } from 'node:timers/promises';
import type { Observation } from '../../../../src/application/ports/observer.ts';
import { minIndexedTasks } from '../../../../src/infrastructure/postgres/maintenance/index-large-lists.ts';
import { runMaintenance } from '../../../../src/infrastructure/postgres/maintenance/run-maintenance.ts';
import { connectFirstEdition } from '../../../support/first-edition/connect-first-edition.ts';
import { fillFirstEdition } from '../../../support/first-edition/fill-first-edition.ts';
import { holdOwner } from '../../../support/postgres/held-lock.ts';
import {
  openDatabase,
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { connect, scalar, type Session } from '../../../support/postgres/sql.ts';
import { anOwner, aTask, instant } from '../../../support/tasks/tasks.ts';
import { until } from '../../../support/until.ts';

const options = { trashDays: 30, tombstoneDays: 90, pauseMs: 5 };

describe('runMaintenance on PostgreSQL', () => {
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
    const works = [1, 2].map(() => runMaintenance(subject.database, observe, options));
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
    const work = runMaintenance(subject.database, observe, options);
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
    const work = runMaintenance(database, observe, options);
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
    const work = runMaintenance({ write }, observe, options);
    try {
      await until('the list is indexed', async () => (await indexing()) === 2);
    } finally {
      await work[Symbol.asyncDispose]();
    }
    expect(new Set(observations.map(({ type }) => type))).to.deep.equal(new Set(['maintenance_failed']));
  });

  it('given a missing index: observed with its name and the remedy until it is there', async () => {
    const definition = await scalar(session, `select pg_get_indexdef('tasks_by_title'::regclass)`);
    await session.run('drop index tasks_by_title');
    const work = runMaintenance(subject.database, observe, options);
    try {
      await until('it is observed', () => observations.length > 0);
      await session.run(String(definition));
      await until('it is observed no more', async () => {
        const before = observations.length;
        await pause(100);
        return observations.length === before;
      });
    } finally {
      await work[Symbol.asyncDispose]();
    }
    const messages = observations.map((one) => (one.type === 'maintenance_failed' ? String(one.error) : one));
    expect(new Set(messages)).to.deep.equal(
      new Set([
        'UnmetRequirementsError: Indexes of the table tasks are missing: tasks_by_title; run: npm run migrate',
      ]),
    );
  });

  it('given rows that have expired: the trash first, and its tombstones when they have expired too; each is observed', async () => {
    const user = anOwner();
    for (let n = 0; n < 3; n += 1) {
      const { id } = await subject.tasks.add(user, aTask());
      await subject.tasks.remove(user, id, instant(0));
    }
    const rows = async (table: string) => Number(await scalar(session, `select count(*) from ${table}`));
    const age = (table: string, days: number) =>
      session.run(`update ${table} set deleted_at = now() - $1 * interval '24 hours'`, [days]);
    await age('trashed_tasks', 30);
    const works = [1, 2].map(() => runMaintenance(subject.database, observe, options));
    try {
      await until('the trash is empty', async () => (await rows('trashed_tasks')) === 0);
      expect(await rows('tombstones')).to.equal(3);
      await age('tombstones', 90);
      await until('the tombstones are gone', async () => (await rows('tombstones')) === 0);
    } finally {
      await Promise.all(works.map((work) => work[Symbol.asyncDispose]()));
    }
    const counts = { user: 0, trash_expired: 0, tombstone_expired: 0 };
    for (const one of observations) {
      if (one.type !== 'rows_purged') throw new Error(`Observed ${one.type}`);
      counts[one.reason] += one.count;
    }
    expect(counts).to.deep.equal({ user: 0, trash_expired: 3, tombstone_expired: 3 });
  });
});
