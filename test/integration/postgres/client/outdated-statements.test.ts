import { expect } from 'chai';
import { sql } from 'slonik';
import { z } from 'zod';
import { createTaskRepository } from '../../../../src/bootstrap/adapters/create-task-repository.ts';
import type { Observation } from '../../../../src/application/ports/observer.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { openDatabase } from '../../../support/postgres/postgres-repository.ts';
import { freshDatabase, type TestDatabase } from '../../../support/postgres/postgres.ts';
import { query } from '../../../support/postgres/sql.ts';
import { anOwner, aQuery, aTask, instant, placeOf } from '../../../support/tasks/tasks.ts';

describe('prepared statements that PostgreSQL cannot execute any more', () => {
  let given: TestDatabase;
  beforeEach(async () => {
    given = await freshDatabase();
  });
  afterEach(() => given.drop());

  const owners = Array.from({ length: 8 }, () => anOwner());

  /** Every statement, alone and in batches; they succeed. */
  const useAll = async (tasks: ReturnType<typeof postgresTaskRepository>): Promise<void> => {
    await Promise.all(
      owners.map(async (owner) => {
        const { id, revision } = await tasks.add(owner, aTask());
        await tasks.list(owner.id, aQuery());
        await tasks.list(owner.id, aQuery({ after: placeOf(aTask()) }));
        await tasks.find(owner.id, id);
        await tasks.change(owner, id, { completed: 'toggle' }, instant(1));
        await tasks.change(owner, id, {}, instant(2), [revision]);
        await tasks.remove(owner, id, instant(1));
      }),
    );
  };

  for (const change of [
    'alter column title type varchar(200)',
    'alter column description type varchar(1000)',
    'alter column due_date type varchar(24)',
    'add column extra text',
  ])
    it(`given ALTER TABLE tasks ${change}: every request succeeds`, async () => {
      const observations: Observation[] = [];
      await using database = openDatabase(given.url, {
        poolMax: 3,
        observe: (one) => void observations.push(one),
      });
      const tasks = postgresTaskRepository(database);
      for (let n = 0; n < 3; n += 1) await useAll(tasks);
      await query(given.url, `alter table tasks ${change}`);
      for (let n = 0; n < 3; n += 1) await useAll(tasks);
      await query(given.url, 'alter table tasks alter column tags type varchar(50)[]');
      for (let n = 0; n < 3; n += 1) await useAll(tasks);
      expect(observations).to.deep.equal([]);
    });

  it('given a write whose statement is outdated: it is done once', async () => {
    await using database = openDatabase(given.url, { poolMax: 1 });
    const tasks = postgresTaskRepository(database);
    const owner = anOwner();
    const task = await tasks.add(owner, aTask());
    await tasks.change(owner, task.id, {}, instant(1), [task.revision]);
    await query(given.url, 'alter table tasks alter column due_date type varchar(24)');
    const changed = await tasks.change(owner, task.id, { completed: 'toggle' }, instant(2));
    expect(changed).to.have.nested.property('task.revision', 3);
    expect(changed).to.have.nested.property('task.completed', true);
  });

  it('given a session without the statement (26000): it is prepared anew', async () => {
    await using database = openDatabase(given.url, { poolMax: 1 });
    const tasks = createTaskRepository({ cacheMaxUsers: 10, hasTrash: true }, database, () => undefined);
    for (let n = 0; n < 3; n += 1) {
      await useAll(tasks);
      await database.rows(sql.type(z.unknown())`DEALLOCATE ALL`);
    }
    await useAll(tasks);
  });

  it('given a session with another statement of that name (42P05): the right one is executed', async () => {
    await using database = openDatabase(given.url, { poolMax: 1 });
    const tasks = postgresTaskRepository(database);
    for (const name of ['task-insert', 'task-find', 'task-list-all-first', 'owner-summary'])
      await database.rows(sql.type(z.unknown())`PREPARE ${sql.identifier([name])} AS SELECT 1`);
    await useAll(tasks);
    await useAll(tasks);
  });
});
