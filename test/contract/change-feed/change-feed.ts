import { expect } from 'chai';
import type { ChangeFeed } from '../../../src/application/ports/change-feed.ts';
import type { TaskRepository } from '../../../src/application/ports/task-repository.ts';
import type { Revision } from '../../../src/domain/task.ts';
import type { User } from '../../../src/domain/user.ts';
import { numbers } from '../../support/in-batches.ts';
import { createFollower } from '../../support/tasks/changes/follow-feed.ts';
import { anOwner, aQuery, aTask, instant, revision, userId } from '../../support/tasks/tasks.ts';

/** A feed, and a repository on the same store. */
export interface FeedUnderTest {
  readonly feed: ChangeFeed;
  readonly tasks: TaskRepository;
  readonly close: () => Promise<void>;
}

const zero = revision(0);

/** The contract of the port `ChangeFeed`. The tests share a store, but no user. */
export const changeFeedContract = (name: string, make: () => Promise<FeedUnderTest>): void => {
  describe(`ChangeFeed: ${name}`, () => {
    let subject: FeedUnderTest | null = null;
    before(async () => {
      subject = await make();
    });
    after(() => subject?.close());

    const store = (): FeedUnderTest => {
      if (subject === null) throw new Error('The store is available only inside of tests');
      return subject;
    };

    const revisionsAfter = async (owner: User, since: Revision, limit = 1000) => {
      const page = await store().feed.after(owner.id, since, limit);
      return { ...page, changes: page.changes.map((change) => change.revision) };
    };

    it('given a user without writes: no change, revision 0', async () => {
      const page = await store().feed.after(userId(), zero, 10);
      expect(page).to.deep.equal({ changes: [], hasMore: false, revision: 0, completeFrom: 0 });
    });

    it('given tasks that were changed: each of them once, as it is, by revision', async () => {
      const { feed, tasks } = store();
      const owner = anOwner();
      const [first, second] = [await tasks.add(owner, aTask()), await tasks.add(owner, aTask())];
      await tasks.change(owner, first.id, { completed: true }, instant(5));
      await tasks.change(owner, first.id, { priority: 'high' }, instant(6));
      const changed = await tasks.find(owner.id, first.id);
      expect((await feed.after(owner.id, zero, 10)).changes).to.deep.equal([
        { id: second.id, revision: 2, task: second },
        { id: first.id, revision: 4, task: changed },
      ]);
    });

    it('given a deleted task: no task, and the revision of the deletion', async () => {
      const { feed, tasks } = store();
      const owner = anOwner();
      const [first, second] = [await tasks.add(owner, aTask()), await tasks.add(owner, aTask())];
      await tasks.remove(owner, first.id, instant(9));
      expect((await feed.after(owner.id, zero, 10)).changes).to.deep.equal([
        { id: second.id, revision: 2, task: second },
        { id: first.id, revision: 3, task: null },
      ]);
    });

    it('given a revision: only what changed after it', async () => {
      const { tasks } = store();
      const owner = anOwner();
      const added = await Promise.all(numbers(4).map(() => tasks.add(owner, aTask())));
      await tasks.remove(owner, added[0]!.id, instant(9));
      const last = { hasMore: false, revision: 5, completeFrom: 0 };
      expect(await revisionsAfter(owner, revision(3))).to.deep.equal({ ...last, changes: [4, 5] });
      expect(await revisionsAfter(owner, revision(5))).to.deep.equal({ ...last, changes: [] });
      expect(await revisionsAfter(owner, revision(99))).to.deep.equal({ ...last, changes: [] });
    });

    it('given more changes than the limit: the first ones, and that there are more', async () => {
      const { tasks } = store();
      const owner = anOwner();
      for (let n = 0; n < 3; n += 1) {
        const { id } = await tasks.add(owner, aTask());
        await tasks.add(owner, aTask());
        await tasks.remove(owner, id, instant(9));
      }
      const expected = { revision: 9, completeFrom: 0 };
      expect(await revisionsAfter(owner, zero, 4)).to.deep.equal({
        ...expected,
        changes: [2, 3, 5, 6],
        hasMore: true,
      });
      expect(await revisionsAfter(owner, revision(6), 2)).to.deep.equal({
        ...expected,
        changes: [8, 9],
        hasMore: false,
      });
    });

    it('given changes of another user: they are not among them', async () => {
      const { tasks } = store();
      const [owner, other] = [anOwner(), anOwner()];
      await tasks.add(owner, aTask());
      const { id } = await tasks.add(other, aTask());
      await tasks.remove(other, id, instant(9));
      expect((await revisionsAfter(owner, zero)).changes).to.deep.equal([1]);
      expect((await revisionsAfter(other, zero)).changes).to.deep.equal([2]);
    });

    it('given concurrent writers and followers: each follower has what a list has, and no revision twice', async () => {
      const { feed, tasks } = store();
      const owner = anOwner();
      let isWriting = true;
      const write = async () => {
        for (let n = 0; n < 12; n += 1) {
          const { id } = await tasks.add(owner, aTask());
          await tasks.change(owner, id, { completed: 'toggle' }, instant(n));
          if (n % 3 === 0) await tasks.remove(owner, id, instant(9));
        }
      };
      const follow = async (limit: number) => {
        const follower = createFollower(feed, owner.id, limit);
        for (let isLast = false; !isLast;) {
          isLast = !isWriting;
          await follower.catchUp();
        }
        return follower.tasks();
      };
      const followers = [1, 3, 1000].map(follow);
      await Promise.all(numbers(4).map(write)).finally(() => (isWriting = false));
      const list = await tasks.list(owner.id, aQuery());
      expect(list.tasks).to.have.length(32);
      const expected = new Map(list.tasks.map((task) => [task.id, task]));
      for (const held of await Promise.all(followers)) expect(held).to.deep.equal(expected);
    });
  });
};
