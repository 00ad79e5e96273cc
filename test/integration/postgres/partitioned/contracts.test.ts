import { expect } from 'chai';
import { postgresChangeFeed } from '../../../../src/infrastructure/postgres/tasks/changes/change-feed.ts';
import { postgresUserStore } from '../../../../src/infrastructure/postgres/users/user-store.ts';
import { readListVersions } from '../../../../src/infrastructure/postgres/users/read-list-versions.ts';
import { changeFeedContract } from '../../../contract/change-feed/change-feed.ts';
import { taskRepositoryContract } from '../../../contract/task-repository.ts';
import { trashContract } from '../../../contract/trash.ts';
import { userStoreContract } from '../../../contract/user-store.ts';
import { crossingStatements } from '../../../support/postgres/partitioned/check-collected-statements.ts';
import { collectInto, type Collected } from '../../../support/postgres/partitioned/collected-statements.ts';
import { partitionedDatabase } from '../../../support/postgres/partitioned/partitioned-database.ts';
import { postgresRepository } from '../../../support/postgres/postgres-repository.ts';
import { cachedOver } from '../../../support/tasks/cache.ts';
import { aKeyedRequest, anOwner, aQuery, aTask, instant } from '../../../support/tasks/tasks.ts';

/** A repository on partitioned tables, whose statements are collected. */
const collecting = async (collected: Collected, batching: boolean) => {
  const repository = await postgresRepository({ batching }, { newDatabase: partitionedDatabase });
  collectInto(collected, repository.database);
  return repository;
};

describe('tables partitioned by user, without batching', () => {
  const collected: Collected = new Map();

  taskRepositoryContract('PostgreSQL, partitioned', () => collecting(collected, false));
  trashContract('a cache over PostgreSQL, partitioned', async () => {
    const subject = await collecting(collected, false);
    return {
      ...subject,
      tasks: cachedOver(subject.tasks, { readVersion: readListVersions(subject.database) }),
    };
  });
  userStoreContract('PostgreSQL, partitioned', async () => {
    const subject = await collecting(collected, false);
    const { database } = subject;
    return { ...subject, owners: postgresUserStore(database), feed: postgresChangeFeed(database) };
  });
  changeFeedContract('PostgreSQL, partitioned', async () => {
    const subject = await collecting(collected, false);
    return { ...subject, feed: postgresChangeFeed(subject.database) };
  });

  after('every statement of these suites touches one partition', async () => {
    expect(await crossingStatements(collected)).to.deep.equal([]);
  });
});

describe('tables partitioned by user, with batching', () => {
  it('given requests of several users at once: their statements touch several partitions', async () => {
    const collected: Collected = new Map();
    const subject = await collecting(collected, true);
    const { tasks, database } = subject;
    try {
      const users = Array.from({ length: 20 }, () => anOwner());
      const created = await Promise.all(users.map((user) => tasks.add(user, aTask())));
      await Promise.all(
        users.flatMap((user, index) => [
          tasks.add(user, aTask()),
          tasks.once(aKeyedRequest()).add(user, aTask()),
          tasks.find(user.id, created[index]!.id),
          tasks.list(user.id, aQuery()),
        ]),
      );
      await Promise.all(
        users.map((user, index) => tasks.change(user, created[index]!.id, { completed: true }, instant(1))),
      );
      await postgresUserStore(database).revisions(users.map(({ id }) => id));
    } finally {
      await subject.close();
    }
    const joined = await crossingStatements(collected);
    for (const part of [
      'INSERT INTO tasks',
      'UPDATE tasks',
      'JOIN tasks AS task',
      'LEFT JOIN LATERAL',
      'LEFT JOIN owners',
    ])
      expect(
        joined.filter((text) => text.includes(part)),
        part,
      ).not.to.be.empty;
    expect(collected.size).to.be.above(joined.length); // and those of one user do not
  });
});
