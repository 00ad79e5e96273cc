import { expect } from 'chai';
import { listChanges } from '../../../src/application/list-changes.ts';
import type { Change, ChangeFeed } from '../../../src/application/ports/change-feed.ts';
import { wholeOf } from '../../support/tasks/changes/follow-feed.ts';
import { rejectionCode } from '../../support/rejection.ts';
import { anOwner, aTask, newTaskId, revision } from '../../support/tasks/tasks.ts';
import { useCases } from '../../support/tasks/use-cases.ts';

const { id: user } = anOwner();

/** A feed of these changes; the counter is the last of them. */
const feedOf = (changes: readonly Change[], completeFrom = 0) => {
  const calls: number[] = [];
  const feed: ChangeFeed = {
    after: (_user, since, limit) => {
      calls.push(since);
      const found = changes.filter((change) => change.revision > since);
      return Promise.resolve({
        changes: found.slice(0, limit),
        hasMore: found.length > limit,
        revision: changes.at(-1)?.revision ?? revision(0),
        completeFrom: revision(completeFrom),
      });
    },
  };
  const begin = listChanges({ changes: feed });
  return {
    calls,
    feed,
    begin,
    list: async (...args: Parameters<typeof begin>) => wholeOf(await begin(...args)),
  };
};

const changes = [2, 3, 5, 8, 9].map((at): Change => ({
  id: newTaskId(),
  revision: revision(at),
  task: null,
}));
const revisionsOf = (page: { readonly changes: readonly Change[] }) =>
  page.changes.map((change) => change.revision);

describe('listChanges', () => {
  it('given a store: what changed after the revision', async () => {
    const { create, remove, changes: list } = useCases();
    const owner = anOwner();
    const [first, second] = [await create(owner, aTask()), await create(owner, aTask())];
    await remove(owner, first.id);
    expect(await list(owner.id, revision(1), 10)).to.deep.include({
      changes: [
        { id: second.id, revision: 2, task: second },
        { id: first.id, revision: 3, task: null },
      ],
      revision: 3,
      hasMore: false,
    });
  });

  it('given a revision above the counter: revision_expired', async () => {
    const { list } = feedOf(changes);
    expect(await rejectionCode(list(user, revision(10), 10))).to.equal('revision_expired');
    expect(revisionsOf(await list(user, revision(9), 10))).to.deep.equal([]);
  });

  it('given a user without writes and a revision: revision_expired', async () => {
    expect(await rejectionCode(feedOf([]).list(user, revision(1), 10))).to.equal('revision_expired');
  });

  it('given expired tombstones: an earlier revision is revision_expired, that one and 0 are not', async () => {
    const { list } = feedOf(changes, 5);
    expect(await rejectionCode(list(user, revision(4), 10))).to.equal('revision_expired');
    expect(revisionsOf(await list(user, revision(5), 10))).to.deep.equal([8, 9]);
    expect(revisionsOf(await list(user, revision(0), 10))).to.deep.equal([2, 3, 5, 8, 9]);
  });

  for (const [completeFrom, limit, expected] of [
    [0, 2, [2, 3]],
    [3, 2, [2, 3]],
    [4, 2, [2, 3, 5, 8, 9]],
    [5, 1, [2, 3, 5, 8, 9]],
    [9, 2, [2, 3, 5, 8, 9]],
    [99, 2, [2, 3, 5, 8, 9]],
  ] as const)
    it(`given 0, tombstones that expired up to ${completeFrom} and a limit of ${limit}: changes up to there at least`, async () => {
      const page = await feedOf(changes, completeFrom).list(user, revision(0), limit);
      expect(revisionsOf(page)).to.deep.equal(expected);
      expect(page.hasMore).to.equal(expected.length < changes.length);
    });

  it('given a task that changes between two reads from 0: once, and its change with the next request', async () => {
    const [first, second, third] = changes;
    const later: Change = { id: first!.id, revision: revision(10), task: null };
    const pages = [
      { changes: [first!], revision: revision(5), hasMore: true },
      { changes: [second!], revision: revision(10), hasMore: true },
      { changes: [third!, later], revision: revision(10), hasMore: false },
    ];
    const feed: ChangeFeed = {
      after: () => Promise.resolve({ ...pages.shift()!, completeFrom: revision(5) }),
    };
    const listed = await listChanges({ changes: feed })(user, revision(0), 1);
    expect(await wholeOf(listed)).to.deep.include({
      changes: [first, second, third],
      revision: 5,
      hasMore: false,
    });
  });

  it('given an account that is erased between two reads from 0: what was read, and no more', async () => {
    const [first] = changes;
    const pages = [
      { changes: [first!], revision: revision(9), completeFrom: revision(5), hasMore: true },
      { changes: [], revision: revision(10), completeFrom: revision(10), hasMore: false },
    ];
    const feed: ChangeFeed = { after: () => Promise.resolve(pages.shift()!) };
    const listed = await listChanges({ changes: feed })(user, revision(0), 1);
    expect(await wholeOf(listed)).to.deep.include({ changes: [first], revision: 9, hasMore: false });
  });

  it('given tombstones that expire between two reads from 0: changes up to the last of them', async () => {
    const { calls, feed } = feedOf(changes);
    const floors = [3, 5, 8, 8];
    const expiring: ChangeFeed = {
      after: async (owner, since) => ({
        ...(await feed.after(owner, since, 1)),
        completeFrom: revision(floors.shift()!),
      }),
    };
    const page = await wholeOf(await listChanges({ changes: expiring })(user, revision(0), 1));
    expect(revisionsOf(page)).to.deep.equal([2, 3, 5, 8]);
    expect(page.hasMore).to.equal(true);
    expect(calls).to.deep.equal([0, 2, 3, 5]);
  });

  it('given a rest that is not read: one read of the feed', async () => {
    const { calls, begin } = feedOf(changes, 9);
    expect((await begin(user, revision(0), 1)).rest).not.to.equal(null);
    expect(calls).to.deep.equal([0]);
  });

  it('given 0 and no change: nothing', async () => {
    expect(await feedOf([], 3).list(user, revision(0), 1)).to.deep.include({ changes: [], hasMore: false });
  });
});
