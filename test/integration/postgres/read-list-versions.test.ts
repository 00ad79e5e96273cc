import { expect } from 'chai';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Database } from '../../../src/infrastructure/postgres/client/database.ts';
import { readListVersions } from '../../../src/infrastructure/postgres/users/read-list-versions.ts';
import { numbers } from '../../support/in-batches.ts';
import {
  openDatabase,
  postgresRepository,
  type PostgresRepository,
} from '../../support/postgres/postgres-repository.ts';
import { rejectionCode } from '../../support/rejection.ts';
import { connect, scalar } from '../../support/postgres/sql.ts';
import { anOwner, aTask } from '../../support/tasks/tasks.ts';

describe('the versions of lists', () => {
  let repository: PostgresRepository;
  let statements: number;
  let counting: Database;

  before(async () => {
    repository = await postgresRepository();
    counting = {
      ...repository.database,
      rows: (statement) => {
        statements += 1;
        return repository.database.rows(statement);
      },
    };
  });
  after(() => repository.close());
  beforeEach(() => {
    statements = 0;
  });

  it('are as they are behind every write, and 0 before the first', async () => {
    const versionOf = readListVersions(repository.database);
    const owner = anOwner();
    expect(await versionOf(owner.id)).to.deep.equal({ server: '', revision: 0 });
    for (const n of numbers(3)) {
      await repository.tasks.add(owner, aTask());
      expect(await versionOf(owner.id)).to.include({ revision: n + 1 });
    }
  });

  it('name the server process that answers', async () => {
    const owner = anOwner();
    await repository.tasks.add(owner, aTask());
    await using session = await connect(repository.url);
    const server = await scalar(session, 'select pg_postmaster_start_time()::text');
    expect(await readListVersions(repository.database)(owner.id)).to.include({ server });
  });

  it('are read by one statement for all who ask at once, each their own', async () => {
    const versionOf = readListVersions(counting);
    const owners = numbers(20).map(() => anOwner());
    for (const [n, owner] of owners.entries())
      await Promise.all(numbers(n % 3).map(() => repository.tasks.add(owner, aTask())));
    const asked = [...owners, ...owners].map((owner) => versionOf(owner.id));
    const revisions = (await Promise.all(asked)).map(({ revision }) => revision);
    expect(revisions).to.deep.equal([...owners, ...owners].map((_, n) => (n % 20) % 3));
    expect(statements).to.equal(1);
  });

  it('never come from a statement that was sent before they were asked for', async () => {
    const versionOf = readListVersions(counting);
    const owner = anOwner();
    const early = versionOf(owner.id);
    await new Promise((resolve) => setImmediate(resolve));
    expect(statements).to.equal(1);
    const late = versionOf(owner.id);
    await Promise.all([early, late]);
    expect(statements).to.equal(2);
  });

  it('are read for nobody in particular, so that nobody’s deadline is the deadline of others', async () => {
    const asking = new AsyncLocalStorage<string>();
    const askers: unknown[] = [];
    const versionOf = readListVersions({
      ...repository.database,
      rows: (statement) => {
        askers.push(asking.getStore());
        return repository.database.rows(statement);
      },
    });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const asked = [];
    for (const n of numbers(6)) {
      asked.push(asking.run(`asker ${n}`, () => versionOf(anOwner().id)));
      await turn();
    }
    await Promise.all(asked);
    expect(new Set(askers)).to.deep.equal(new Set([undefined]));
  });

  it('are refused to all who asked while the database cannot be reached', async () => {
    const away = openDatabase('postgres://nobody@127.0.0.1:1/nothing');
    const versionOf = readListVersions(away);
    const asked = numbers(3).map(() => rejectionCode(versionOf(anOwner().id)));
    expect(await Promise.all(asked)).to.deep.equal(['unavailable', 'unavailable', 'unavailable']);
    await away[Symbol.asyncDispose]();
  });
});
