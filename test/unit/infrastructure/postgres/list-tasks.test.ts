import { expect } from 'chai';
import { z } from 'zod';
import type { Database, Statement } from '../../../../src/infrastructure/postgres/client/database.ts';
import { listTasks } from '../../../../src/infrastructure/postgres/tasks/lists/list-tasks.ts';
import { rejection } from '../../../support/rejection.ts';
import { stubDatabase } from '../../../support/postgres/stub-database.ts';
import { aQuery, bareFields, instant, placeOf, taskId, userId } from '../../../support/tasks/tasks.ts';

describe('listTasks of PostgreSQL', () => {
  /** A database that returns these rows for every statement. */
  const answering = (rows: readonly unknown[]): Database =>
    stubDatabase({
      rows: <Row>(statement: Statement<Row>) =>
        Promise.resolve(rows.map((row) => statement.parser.parse(row))),
    });

  const row = (at: number, n: number) => ({
    ordinal: 1,
    id: taskId(n),
    ...bareFields,
    createdAt: instant(at),
    updatedAt: instant(at),
    revision: n,
    owner_revision: 9,
    total: null,
  });

  it('given rows in any order: returns the newest first', async () => {
    const rows = [row(1, 2), row(2, 1), row(0, 5), row(1, 3), row(1, 1), row(2, 4)];
    const { tasks } = await listTasks(answering(rows))(userId(), aQuery());
    const order = tasks.map((task) => [task.createdAt, task.id]);
    expect(order).to.deep.equal(
      [
        [2, 4],
        [2, 1],
        [1, 3],
        [1, 2],
        [1, 1],
        [0, 5],
      ].map(([at, n]) => [instant(at ?? -1), taskId(n ?? -1)]),
    );
  });

  it('given more rows than the limit: `next` is the last task of the page', async () => {
    const rows = [row(0, 1), row(2, 3), row(1, 2)];
    const page = await listTasks(answering(rows))(userId(), aQuery({ limit: 2 }));
    expect(page.next).to.deep.equal(placeOf({ createdAt: instant(1), id: taskId(2) }));
    expect(page.revision).to.equal(9);
  });

  it('given a list by title, of rows that a trigger has folded: in the order of the statement, from the stored title on', async () => {
    const rows = ['e\u0301cole', 'farm', 'golf'].map((text, n) => ({
      ...row(0, n + 1),
      title: text.toUpperCase(),
      title_folded: text,
      ordinal: n + 1,
    }));
    const query = aQuery({ limit: 1, order: { by: 'title', direction: 'asc' } });
    const page = await listTasks(answering(rows.toReversed()))(userId(), query);
    expect(page.tasks.map(({ id }) => id)).to.deep.equal([taskId(1)]);
    expect(page.next).to.deep.equal({
      value: 'e\u0301cole\0E\u0301COLE',
      createdAt: instant(0),
      id: taskId(1),
    });
  });

  it('given a row that breaks the schema: throws a ZodError', async () => {
    const broken = [{ ...row(0, 1), createdAt: 1_763_712_000_000 }];
    const listing = listTasks(answering(broken))(userId(), aQuery());
    expect(await rejection(listing)).to.be.instanceOf(z.ZodError);
  });
});
