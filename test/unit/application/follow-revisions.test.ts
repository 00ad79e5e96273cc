import { expect } from 'chai';
import { followRevisions, pollMs } from '../../../src/application/follow-revisions.ts';
import type { Observation } from '../../../src/application/ports/observer.ts';
import { TaskholdError } from '../../../src/domain/errors.ts';
import type { Revision } from '../../../src/domain/task.ts';
import type { UserId } from '../../../src/domain/user.ts';
import { manualScheduler } from '../../support/manual-scheduler.ts';
import { revision, userId } from '../../support/tasks/tasks.ts';

/** Counters that a test sets, with the users of every read. `hold` keeps reads waiting, until the returned function is called. */
const setUp = () => {
  const scheduler = manualScheduler();
  const observations: Observation[] = [];
  const reads: (readonly UserId[])[] = [];
  const counters = new Map<UserId, Revision>();
  let failure: Error | null = null;
  let held: Promise<unknown> | null = null;
  const users = {
    revisions: async (ids: readonly UserId[]) => {
      reads.push(ids);
      const values = ids.map((id) => counters.get(id) ?? revision(0));
      const thrown = failure;
      await held;
      if (thrown !== null) throw thrown;
      return values;
    },
  };
  const observe = (observation: Observation) => void observations.push(observation);
  const follow = followRevisions({ users, scheduler, observe });
  return {
    ...scheduler,
    observations,
    reads,
    counters,
    fail: (error: Error | null) => void (failure = error),
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      held = promise;
      return () => {
        held = null;
        resolve(undefined);
      };
    },
    follow: (user: UserId) => {
      const seen: number[] = [];
      const end = follow(user, (value) => void seen.push(value));
      return { seen, end };
    },
  };
};

describe('followRevisions', () => {
  it('given a follower: the counter at once, then every value that differs', async () => {
    const { follow, counters, advance } = setUp();
    const user = userId();
    counters.set(user, revision(7));
    const { seen } = follow(user);
    expect(seen).to.deep.equal([]);
    await advance(0);
    expect(seen).to.deep.equal([7]);
    await advance(3 * pollMs);
    expect(seen).to.deep.equal([7]);
    counters.set(user, revision(9));
    await advance(pollMs);
    expect(seen).to.deep.equal([7, 9]);
  });

  it('given a user without writes: 0', async () => {
    const { follow, advance } = setUp();
    const { seen } = follow(userId());
    await advance(0);
    expect(seen).to.deep.equal([0]);
  });

  it('given a counter that went back: the lower value', async () => {
    const { follow, counters, advance } = setUp();
    const user = userId();
    counters.set(user, revision(9));
    const { seen } = follow(user);
    await advance(0);
    counters.set(user, revision(4));
    await advance(pollMs);
    expect(seen).to.deep.equal([9, 4]);
  });

  it('given followers of several users: one read for all, and each sees the own counter alone', async () => {
    const { follow, counters, advance, reads } = setUp();
    const [a, b] = [userId(), userId()];
    counters.set(a, revision(1)).set(b, revision(2));
    const followers = [follow(a), follow(b), follow(a)];
    await advance(0);
    expect(reads).to.deep.equal([[a, b]]);
    counters.set(b, revision(3));
    await advance(pollMs);
    expect(reads).to.deep.equal([
      [a, b],
      [a, b],
    ]);
    expect(followers.map(({ seen }) => seen)).to.deep.equal([[1], [2, 3], [1]]);
  });

  it('given a follower that comes later: only its counter is read at once', async () => {
    const { follow, counters, advance, reads } = setUp();
    const [a, b] = [userId(), userId()];
    counters.set(b, revision(5));
    follow(a);
    await advance(pollMs / 2);
    const { seen } = follow(b);
    await advance(0);
    expect(reads).to.deep.equal([[a], [b]]);
    expect(seen).to.deep.equal([5]);
  });

  it('given followers that keep coming: the others are read in time nevertheless', async () => {
    const { follow, counters, advance } = setUp();
    const user = userId();
    const { seen } = follow(user);
    await advance(0);
    counters.set(user, revision(1));
    for (let n = 0; n < 10; n += 1) {
      follow(userId());
      await advance(pollMs / 10);
    }
    expect(seen).to.deep.equal([0, 1]);
  });

  it('given a follower that comes during a read: it never sees the result of that read', async () => {
    const { follow, counters, advance, hold, reads } = setUp();
    const user = userId();
    const first = follow(user);
    const release = hold();
    await advance(0);
    counters.set(user, revision(6));
    const second = follow(user);
    await advance(0);
    expect(reads).to.have.length(1);
    release();
    await advance(0);
    expect(reads).to.have.length(2);
    expect(first.seen).to.deep.equal([0]);
    expect(second.seen).to.deep.equal([6]);
    await advance(pollMs);
    expect(first.seen).to.deep.equal([0, 6]);
  });

  it('given a slow read: no other read begins before its end', async () => {
    const { follow, advance, hold, reads } = setUp();
    const release = hold();
    follow(userId());
    await advance(10 * pollMs);
    expect(reads).to.have.length(1);
    release();
    await advance(0);
    expect(reads).to.have.length(2);
  });

  it('given no follower: nothing is read, and nothing is scheduled', async () => {
    const { follow, advance, reads, waiting } = setUp();
    await advance(10 * pollMs);
    const followers = [follow(userId()), follow(userId())];
    await advance(pollMs);
    for (const { end } of followers) end();
    const before = reads.length;
    expect(waiting()).to.equal(0);
    await advance(10 * pollMs);
    expect(reads).to.have.length(before);
  });

  it('given a follower that ends before the first read, or during one: it is not called', async () => {
    const { follow, advance, hold, reads, waiting } = setUp();
    const early = follow(userId());
    early.end();
    await advance(0);
    expect(reads).to.deep.equal([]);
    const release = hold();
    const during = follow(userId());
    await advance(0);
    during.end();
    during.end();
    release();
    await advance(10 * pollMs);
    expect(during.seen).to.deep.equal([]);
    expect(reads).to.have.length(1);
    expect(waiting()).to.equal(0);
  });

  it('given all followers end during a poll, and another comes: it is polled once at a time', async () => {
    const { follow, advance, hold, reads, waiting } = setUp();
    const first = follow(userId());
    await advance(0);
    const release = hold();
    await advance(pollMs);
    first.end();
    const { seen } = follow(userId());
    release();
    await advance(0);
    expect(seen).to.deep.equal([0]);
    expect(waiting()).to.equal(1);
    const before = reads.length;
    await advance(3 * pollMs);
    expect(reads).to.have.length(before + 3);
  });

  it('given failures of the store: the follower goes on when it is back, and only unknown errors are observed', async () => {
    const { follow, counters, advance, fail, observations } = setUp();
    const user = userId();
    fail(new TaskholdError('unavailable', 'The database cannot be reached.'));
    const { seen } = follow(user);
    await advance(3 * pollMs);
    expect(seen).to.deep.equal([]);
    expect(observations).to.deep.equal([]);
    const error = new Error('a bug');
    fail(error);
    await advance(pollMs);
    expect(observations).to.deep.equal([{ type: 'failure', requestId: null, code: 'internal_error', error }]);
    fail(null);
    counters.set(user, revision(3));
    await advance(pollMs);
    expect(seen).to.deep.equal([3]);
  });

  it('given a failure at the first read: the next one is a poll, not at once', async () => {
    const { follow, advance, fail, reads } = setUp();
    fail(new TaskholdError('unavailable', 'The database cannot be reached.'));
    follow(userId());
    await advance(pollMs - 1);
    expect(reads).to.have.length(1);
    await advance(1);
    expect(reads).to.have.length(2);
  });

  it('given a store that leaves out a counter: no call', async () => {
    const scheduler = manualScheduler();
    const users = { revisions: () => Promise.resolve([]) };
    const seen: number[] = [];
    followRevisions({ users, scheduler, observe: () => undefined })(userId(), (value) => seen.push(value));
    await scheduler.advance(pollMs);
    expect(seen).to.deep.equal([]);
  });

  it('given one of two followers that ends: the other one is still told', async () => {
    const { follow, counters, advance } = setUp();
    const user = userId('other');
    const [one, other] = [follow(userId('one')), follow(user)];
    await advance(0);
    one.end();
    counters.set(user, revision(1));
    await advance(pollMs);
    expect(other.seen).to.deep.equal([0, 1]);
  });

  it('given the last follower that ends, before or during a read: nothing is scheduled', async () => {
    const { follow, hold, advance, waiting } = setUp();
    const one = follow(userId('one'));
    await advance(0);
    one.end();
    expect(waiting()).to.equal(0);

    const another = follow(userId('one'));
    await advance(0);
    const release = hold();
    await advance(pollMs);
    another.end();
    release();
    await advance(0);
    expect(waiting()).to.equal(0);
  });
});
