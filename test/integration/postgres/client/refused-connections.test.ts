import { expect } from 'chai';
import type { TaskRepository } from '../../../../src/application/ports/task-repository.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { openDatabase } from '../../../support/postgres/postgres-repository.ts';
import { freshDatabase, type TestDatabase } from '../../../support/postgres/postgres.ts';
import { rejectionCode } from '../../../support/rejection.ts';
import { connect } from '../../../support/postgres/sql.ts';
import { anOwner, aQuery, aTask } from '../../../support/tasks/tasks.ts';

describe('a database that lets nobody in is unavailable', () => {
  let given: TestDatabase;
  beforeEach(async () => {
    given = await freshDatabase();
  });
  afterEach(() => given.drop());

  /** What using the database at the URL, altered, is refused with. */
  const refusal = async (
    alter: (url: URL) => void,
    use = (tasks: TaskRepository): Promise<unknown> => tasks.list(anOwner().id, aQuery()),
  ): Promise<unknown> => {
    const url = new URL(given.url);
    alter(url);
    await using database = openDatabase(url.href);
    return await rejectionCode(use(postgresTaskRepository(database)));
  };

  it('where it does not exist', async () => {
    expect(await refusal((url) => (url.pathname = '/taskhold_no_such_database'))).to.equal('unavailable');
  });

  it('where the role does not exist', async () => {
    expect(await refusal((url) => (url.username = 'taskhold_no_such_role'))).to.equal('unavailable');
  });

  it('where the host has no name', async () => {
    expect(await refusal((url) => (url.hostname = 'database.invalid'))).to.equal('unavailable');
  });

  it('where it has no connection to spare', async () => {
    await using session = await connect(given.url);
    const role = new URL(given.url).pathname.slice(1);
    await session.run(`create role ${role} login password '${role}' connection limit 0`);
    try {
      const asRole = (url: URL) => {
        url.username = role;
        url.password = role;
      };
      expect(await refusal(asRole)).to.equal('unavailable');
    } finally {
      await session.run(`drop role ${role}`);
    }
  });

  it('to a writer, where it may only be read', async () => {
    await using session = await connect(given.url);
    const name = new URL(given.url).pathname.slice(1);
    await session.run(`alter database ${name} set default_transaction_read_only = on`);
    const add = (tasks: TaskRepository) => tasks.add(anOwner(), aTask());
    expect(await refusal(() => undefined, add)).to.equal('unavailable');
  });
});
