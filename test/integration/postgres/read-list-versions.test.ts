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

describe('readListVersions', () => {
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

  it('given writes: the version is the revision of the last one, and 0 before the first', async () => {
    const versionOf = readListVersions(repository.database);
    const owner = anOwner();
    expect(await versionOf(owner.id)).to.deep.equal({ server: '', revision: 0 });
    for (const n of numbers(3)) {
      await repository.tasks.add(owner, aTask());
      expect(await versionOf(owner.id)).to.include({ revision: n + 1 });
    }
  });

  it('given a server: the version contains its start time', async () => {
    const owner = anOwner();
    await repository.tasks.add(owner, aTask());
    await using session = await connect(repository.url);
    const server = await scalar(session, 'select pg_postmaster_start_time()::text');
    expect(await readListVersions(repository.database)(owner.id)).to.include({ server });
  });

  it('given simultaneous calls for several users: one statement reads the version of each', async () => {
    const versionOf = readListVersions(counting);
    const owners = numbers(20).map(() => anOwner());
    for (const [n, owner] of owners.entries())
      await Promise.all(numbers(n % 3).map(() => repository.tasks.add(owner, aTask())));
    const versions = [...owners, ...owners].map((owner) => versionOf(owner.id));
    const revisions = (await Promise.all(versions)).map(({ revision }) => revision);
    expect(revisions).to.deep.equal([...owners, ...owners].map((_, n) => (n % 20) % 3));
    expect(statements).to.equal(1);
  });

  it('given a statement that is already sent: a later call sends its own', async () => {
    const versionOf = readListVersions(counting);
    const owner = anOwner();
    const early = versionOf(owner.id);
    await new Promise((resolve) => setImmediate(resolve));
    expect(statements).to.equal(1);
    const late = versionOf(owner.id);
    await Promise.all([early, late]);
    expect(statements).to.equal(2);
  });

  it('given calls of several requests: statements run outside of every request context', async () => {
    const request = new AsyncLocalStorage<string>();
    const contexts: unknown[] = [];
    const versionOf = readListVersions({
      ...repository.database,
      rows: (statement) => {
        contexts.push(request.getStore());
        return repository.database.rows(statement);
      },
    });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const versions = [];
    for (const n of numbers(6)) {
      versions.push(request.run(`request ${n}`, () => versionOf(anOwner().id)));
      await turn();
    }
    await Promise.all(versions);
    expect(new Set(contexts)).to.deep.equal(new Set([undefined]));
  });

  it('given an unreachable database: every call is unavailable', async () => {
    const unreachable = openDatabase('postgres://nobody@127.0.0.1:1/nothing');
    const versionOf = readListVersions(unreachable);
    const codes = numbers(3).map(() => rejectionCode(versionOf(anOwner().id)));
    expect(await Promise.all(codes)).to.deep.equal(['unavailable', 'unavailable', 'unavailable']);
    await unreachable[Symbol.asyncDispose]();
  });
});
