import { expect } from 'chai';
import type { TaskRepository } from '../../../../src/application/ports/task-repository.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { openDatabase } from '../../../support/postgres/postgres-repository.ts';
import { freshDatabase, type TestDatabase } from '../../../support/postgres/postgres.ts';
import { rejectionCode } from '../../../support/rejection.ts';
import { connect } from '../../../support/postgres/sql.ts';
import { anOwner, aQuery, aTask } from '../../../support/tasks/tasks.ts';

describe('connections that PostgreSQL refuses', () => {
  let given: TestDatabase;
  beforeEach(async () => {
    given = await freshDatabase();
  });
  afterEach(() => given.drop());

  /** Uses the database at the altered URL and returns the error code. */
  const codeWith = async (
    alter: (url: URL) => void,
    use = (tasks: TaskRepository): Promise<unknown> => tasks.list(anOwner().id, aQuery()),
  ): Promise<unknown> => {
    const url = new URL(given.url);
    alter(url);
    await using database = openDatabase(url.href);
    return await rejectionCode(use(postgresTaskRepository(database)));
  };

  it('given a database that does not exist: unavailable', async () => {
    expect(await codeWith((url) => (url.pathname = '/taskhold_no_such_database'))).to.equal('unavailable');
  });

  it('given a role that does not exist: unavailable', async () => {
    expect(await codeWith((url) => (url.username = 'taskhold_no_such_role'))).to.equal('unavailable');
  });

  it('given a host name that does not resolve: unavailable', async () => {
    expect(await codeWith((url) => (url.hostname = 'database.invalid'))).to.equal('unavailable');
  });

  it('given a role without free connections: unavailable, and not ready with this reason', async () => {
    await using session = await connect(given.url);
    const role = new URL(given.url).pathname.slice(1);
    await session.run(`create role ${role} login password '${role}' connection limit 0`);
    try {
      const asRole = (url: URL) => {
        url.username = role;
        url.password = role;
      };
      expect(await codeWith(asRole)).to.equal('unavailable');
      const url = new URL(given.url);
      asRole(url);
      await using database = openDatabase(url.href);
      expect([await database.isReady(), database.problem()]).to.deep.equal([false, 'too_many_connections']);
    } finally {
      await session.run(`drop role ${role}`);
    }
  });

  it('given a read-only database: writes are unavailable', async () => {
    await using session = await connect(given.url);
    const name = new URL(given.url).pathname.slice(1);
    await session.run(`alter database ${name} set default_transaction_read_only = on`);
    const add = (tasks: TaskRepository) => tasks.add(anOwner(), aTask());
    expect(await codeWith(() => undefined, add)).to.equal('unavailable');
  });
});
