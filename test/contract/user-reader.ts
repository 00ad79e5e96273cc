import { expect } from 'chai';
import type { UserReader } from '../../src/application/ports/user-reader.ts';
import type { TaskRepository } from '../../src/application/ports/task-repository.ts';
import { anOwner, aTask, instant, revision, userId } from '../support/tasks/tasks.ts';

/** A reader, and a repository on the same store. */
export interface OwnersUnderTest {
  readonly owners: UserReader;
  readonly tasks: TaskRepository;
  readonly close: () => Promise<void>;
}

/** The contract of the port `UserReader`, for one reader. The tests share a store, but no user. */
export const userReaderContract = (name: string, make: () => Promise<OwnersUnderTest>): void => {
  describe(`UserReader: ${name}`, () => {
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
      await tasks.remove(owner, aTask().id);
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
      await tasks.remove(owner, deleted.id);
      await tasks.change(owner, added.id, { completed: true }, instant(10));
      const after = { ...before, pending: 0, completed: 2, revision: revision(5) };
      expect(await owners.summary(owner.id)).to.deep.equal(after);
    });

    it('given a deleted first task: createdAt is the time of that task', async () => {
      const { owners, tasks } = store();
      const owner = anOwner();
      const { id } = await tasks.add(owner, aTask({ createdAt: instant(3) }));
      await tasks.remove(owner, id);
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
      await tasks.remove(anOwner({ id, email: 'ada@example.com', displayName: 'A.' }), task.id);
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
      await tasks.remove(stranger, task.id, [revision(9)]);
      expect(await owners.summary(id)).to.include({ email: null, displayName: null, revision: 1 });
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
