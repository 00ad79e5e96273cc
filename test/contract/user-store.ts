import { expect } from 'chai';
import type { ChangeFeed } from '../../src/application/ports/change-feed.ts';
import type { UserStore } from '../../src/application/ports/user-store.ts';
import type { TaskRepository } from '../../src/application/ports/task-repository.ts';
import { anOwner, aQuery, aTask, instant, revision, userId } from '../support/tasks/tasks.ts';

/** A store of users, and a repository and a feed on the same store. */
export interface OwnersUnderTest {
  readonly owners: UserStore;
  readonly tasks: TaskRepository;
  readonly feed: ChangeFeed;
  readonly close: () => Promise<void>;
}

/** The contract of the port `UserStore`, for one reader. The tests share a store, but no user. */
export const userStoreContract = (name: string, make: () => Promise<OwnersUnderTest>): void => {
  describe(`UserStore: ${name}`, () => {
    let subject: OwnersUnderTest | null = null;
    before(async () => {
      subject = await make();
    });
    after(() => subject?.close());

    const store = (): OwnersUnderTest => {
      if (subject === null) throw new Error('The store is available only inside of tests');
      return subject;
    };

    const nothing = {
      email: null,
      displayName: null,
      createdAt: null,
      pending: 0,
      completed: 0,
      revision: revision(0),
    };

    it('given a user without writes: an empty summary', async () => {
      const { owners } = store();
      expect(await owners.summary(userId())).to.deep.equal(nothing);
    });

    it('given writes that found no task: an empty summary', async () => {
      const { owners, tasks } = store();
      const owner = anOwner({ email: 'ada@example.org' });
      await tasks.change(owner, aTask().id, {}, instant(0));
      await tasks.remove(owner, aTask().id, instant(1));
      expect(await owners.summary(owner.id)).to.deep.equal(nothing);
    });

    it('given tasks of two users: counts those of one user', async () => {
      const { owners, tasks } = store();
      const [owner, other] = [anOwner(), anOwner()];
      const added = await tasks.add(owner, aTask({ createdAt: instant(5) }));
      const deleted = await tasks.add(owner, aTask({ createdAt: instant(9), completed: true }));
      await tasks.add(owner, aTask({ createdAt: instant(7), completed: true }));
      await tasks.add(other, aTask({ createdAt: instant(1), completed: true }));
      const before = { ...nothing, createdAt: instant(5), pending: 1, completed: 2, revision: revision(3) };
      expect(await owners.summary(owner.id)).to.deep.equal(before);
      await tasks.remove(owner, deleted.id, instant(1));
      await tasks.change(owner, added.id, { completed: true }, instant(10));
      const after = { ...before, pending: 0, completed: 2, revision: revision(5) };
      expect(await owners.summary(owner.id)).to.deep.equal(after);
    });

    it('given a deleted first task: createdAt is the time of that task', async () => {
      const { owners, tasks } = store();
      const owner = anOwner();
      const { id } = await tasks.add(owner, aTask({ createdAt: instant(3) }));
      await tasks.remove(owner, id, instant(1));
      await tasks.add(owner, aTask({ createdAt: instant(4) }));
      expect((await owners.summary(owner.id)).createdAt).to.equal(instant(3));
    });

    it('given writes with a profile: keeps the last email and the last name', async () => {
      const { owners, tasks } = store();
      const { id } = anOwner();
      const profileOf = async () => {
        const { email, displayName } = await owners.summary(id);
        return [email, displayName];
      };
      const write = (profile: object) => tasks.add(anOwner({ id, ...profile }), aTask());
      await write({});
      expect(await profileOf()).to.deep.equal([null, null]);
      const task = await write({ email: 'ada@example.org' });
      expect(await profileOf()).to.deep.equal(['ada@example.org', null]);
      await tasks.change(anOwner({ id, displayName: 'Ada' }), task.id, {}, instant(0));
      expect(await profileOf()).to.deep.equal(['ada@example.org', 'Ada']);
      await tasks.remove(anOwner({ id, email: 'ada@example.com', displayName: 'A.' }), task.id, instant(1));
      expect(await profileOf()).to.deep.equal(['ada@example.com', 'A.']);
      await write({});
      expect(await profileOf()).to.deep.equal(['ada@example.com', 'A.']);
    });

    it('given a refused write: its profile is not stored', async () => {
      const { owners, tasks } = store();
      const { id } = anOwner();
      const task = await tasks.add(anOwner({ id }), aTask());
      const stranger = anOwner({ id, email: 'ada@example.org', displayName: 'Ada' });
      await tasks.change(stranger, task.id, {}, instant(0), []);
      await tasks.remove(stranger, task.id, instant(1), [revision(9)]);
      expect(await owners.summary(id)).to.include({ email: null, displayName: null, revision: 1 });
    });

    it('given an erased user: no task, no profile, and the next value of the counter', async () => {
      const { owners, tasks, feed } = store();
      const owner = anOwner({ email: 'ada@example.org', displayName: 'Ada' });
      const [first, second] = [await tasks.add(owner, aTask()), await tasks.add(owner, aTask())];
      await tasks.remove(owner, first.id, instant(9));
      await owners.erase(owner.id);
      expect(await owners.summary(owner.id)).to.deep.equal({ ...nothing, revision: revision(4) });
      expect(await tasks.find(owner.id, second.id)).to.equal(null);
      expect(await tasks.list(owner.id, aQuery())).to.deep.include({ tasks: [], revision: 4 });
      expect(await feed.after(owner.id, revision(0), 10)).to.deep.equal({
        changes: [],
        hasMore: false,
        revision: 4,
        completeFrom: 4,
      });
    });

    it('given an erased user who goes on: only what is new', async () => {
      const { owners, tasks, feed } = store();
      const owner = anOwner();
      const old = await tasks.add(owner, aTask({ createdAt: instant(1) }));
      await owners.erase(owner.id);
      expect(await tasks.change(owner, old.id, {}, instant(2))).to.deep.equal({ outcome: 'missing' });
      const added = await Promise.all(
        [3, 4, 5].map((n) => tasks.add(owner, aTask({ createdAt: instant(n) }))),
      );
      await tasks.remove(owner, added[2]!.id, instant(9));
      expect((await owners.summary(owner.id)).createdAt).to.be.oneOf([instant(3), instant(4), instant(5)]);
      const { changes, completeFrom } = await feed.after(owner.id, revision(2), 10);
      expect(changes.map((change) => change.revision))
        .to.have.length(3)
        .and.to.include(6);
      expect(completeFrom).to.equal(2);
    });

    it('given an erased user: tasks and profile of others stay', async () => {
      const { owners, tasks } = store();
      const [owner, other] = [anOwner(), anOwner({ email: 'bob@example.org' })];
      await tasks.add(owner, aTask());
      const kept = await tasks.add(other, aTask());
      const before = await owners.summary(other.id);
      await owners.erase(owner.id);
      expect(await tasks.find(other.id, kept.id)).to.deep.equal(kept);
      expect(await owners.summary(other.id)).to.deep.equal(before);
    });

    it('given a user without writes, or erased twice: no error, and one revision for each', async () => {
      const { owners, tasks } = store();
      const owner = anOwner();
      await owners.erase(owner.id);
      expect(await owners.summary(owner.id)).to.deep.equal(nothing);
      await tasks.add(owner, aTask());
      await owners.erase(owner.id);
      await owners.erase(owner.id);
      expect(await owners.summary(owner.id)).to.deep.equal({ ...nothing, revision: revision(3) });
    });

    it('given writes at the same time as erasure: only tasks with a later revision are left', async () => {
      const { owners, tasks, feed } = store();
      const owner = anOwner();
      const write = async () => {
        for (let n = 0; n < 10; n += 1) {
          const { id } = await tasks.add(owner, aTask());
          await tasks.change(owner, id, { completed: true }, instant(n));
        }
      };
      const erase = async () => {
        for (let n = 0; n < 5; n += 1) await owners.erase(owner.id);
      };
      await Promise.all([write(), write(), write(), erase()]);
      const { completeFrom } = await feed.after(owner.id, revision(0), 1);
      const { tasks: left } = await tasks.list(owner.id, aQuery());
      for (const task of left) expect(task.revision).to.be.above(completeFrom);
    });

    it('given several users: their counters, in the order of the users, 0 before the first write', async () => {
      const { owners, tasks } = store();
      const [a, b, without] = [anOwner(), anOwner(), anOwner()];
      await tasks.add(a, aTask());
      const task = await tasks.add(b, aTask());
      await tasks.remove(b, task.id, instant(9));
      expect(await owners.revisions([b.id, without.id, a.id])).to.deep.equal([2, 0, 1]);
      expect(await owners.revisions([a.id, a.id])).to.deep.equal([1, 1]);
      expect(await owners.revisions([])).to.deep.equal([]);
    });

    it('given 2,500 users: the counter of each', async () => {
      const { owners, tasks } = store();
      const written = new Map(
        [anOwner(), anOwner(), anOwner()].map((owner, index) => [index * 1_100, owner]),
      );
      for (const owner of written.values()) await tasks.add(owner, aTask());
      const users = Array.from({ length: 2_500 }, (_, index) => written.get(index)?.id ?? userId());
      const expected = users.map((_, index) => (written.has(index) ? 1 : 0));
      expect(await owners.revisions(users)).to.deep.equal(expected);
    });

    it('given concurrent writes: counts and revision are from one snapshot', async () => {
      const { owners, tasks } = store();
      const owner = anOwner();
      for (let n = 0; n < 30; n += 1) {
        const [, { pending, completed, revision: current }] = await Promise.all([
          tasks.add(owner, aTask({ completed: n % 2 === 0 })),
          owners.summary(owner.id),
        ]);
        expect(pending + completed).to.equal(current);
      }
    });
  });
};
