import { expect } from 'chai';
import { postgresChangeFeed } from '../../../../src/infrastructure/postgres/tasks/changes/change-feed.ts';
import { postgresUserStore } from '../../../../src/infrastructure/postgres/users/user-store.ts';
import { numbers } from '../../../support/in-batches.ts';
import {
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { query } from '../../../support/postgres/sql.ts';
import { anOwner, aTask, revision } from '../../../support/tasks/tasks.ts';

describe('changes that SQL has made', () => {
  let subject: PostgresRepository;
  before(async () => {
    subject = await postgresRepository();
  });
  after(() => subject.close());

  const deleteBySql = (owner: string, count: number) =>
    query(
      subject.url,
      `begin;
       update owners set revision = revision + 1 where id = '${owner}';
       delete from tasks where owner_id = '${owner}' and id in (
         select id from tasks where owner_id = '${owner}' order by revision limit ${count}
       );
       commit`,
    );

  for (const limit of [1, 2, 3, 4, 5, 10])
    it(`given deletions that share a revision, and a limit of ${limit}: a client that follows misses none`, async () => {
      const owner = anOwner();
      const feed = postgresChangeFeed(subject.database);
      for (let n = 0; n < 6; n += 1) await subject.tasks.add(owner, aTask());
      await deleteBySql(owner.id, 3);
      await subject.tasks.add(owner, aTask());
      const seen: (readonly [number, boolean])[] = [];
      for (let since = 6; since < 8;) {
        const page = await feed.after(owner.id, revision(since), limit);
        seen.push(...page.changes.map((change) => [change.revision, change.task !== null] as const));
        since = page.hasMore ? (page.changes.at(-1)?.revision ?? since) : page.revision;
      }
      expect(seen).to.deep.equal([
        [7, false],
        [7, false],
        [7, false],
        [8, true],
      ]);
    });

  it('given an erased user whose tasks were in the indexes of large lists: new ones are too', async () => {
    const owner = anOwner();
    await subject.tasks.add(owner, aTask());
    await query(subject.url, `update owners set indexing = 2 where id = '${owner.id}'`);
    await query(subject.url, `update tasks set is_indexed = true where owner_id = '${owner.id}'`);
    await postgresUserStore(subject.database).erase(owner.id);
    const added = await Promise.all(numbers(3).map(() => subject.tasks.add(owner, aTask())));
    const { changes } = await postgresChangeFeed(subject.database).after(owner.id, revision(0), 10);
    expect(changes.map(({ id }) => id)).to.have.members(added.map(({ id }) => id));
    const isIndexed = `select bool_and(is_indexed) from tasks where owner_id = '${owner.id}'`;
    const [row] = await query(subject.url, isIndexed);
    expect(row).to.deep.equal({ bool_and: true });
  });
});
