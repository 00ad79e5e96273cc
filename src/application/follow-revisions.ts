import { TaskholdError } from '../domain/errors.ts';
import type { Revision } from '../domain/task.ts';
import type { UserId } from '../domain/user.ts';
import type { Observer } from './ports/observer.ts';
import type { Scheduler } from './ports/scheduler.ts';
import type { UserStore } from './ports/user-store.ts';

/**
 * Calls the listener with the user's counter: once as it is at a moment after this call, then with every value that differs
 * from the last one, at most {@link pollMs} and the time of two reads later. Several writes may become one call. After a
 * failover the value can be lower than before. The listener must not throw. Returns what ends the calls.
 */
export type FollowRevisions = (user: UserId, listener: (revision: Revision) => void) => () => void;

/** Milliseconds from the end of a read of the counters to the next one. */
export const pollMs = 300;

interface Follower {
  readonly user: UserId;
  readonly listener: (revision: Revision) => void;
  last: Revision | null;
}

interface FollowDependencies {
  readonly users: Pick<UserStore, 'revisions'>;
  readonly scheduler: Scheduler;
  readonly observe: Observer;
}

/**
 * Creates {@link FollowRevisions}. The counters of all followed users are read together, and nothing is read while no user is
 * followed. One read runs at a time, so that no listener is called with the result of an older read after a newer one.
 */
export const followRevisions = ({ users, scheduler, observe }: FollowDependencies): FollowRevisions => {
  const followers = new Set<Follower>();
  /** Followers that no read includes yet. A read that has begun is too old for them. */
  const newcomers = new Set<Follower>();
  let isReading = false;
  let isPollDue = false;
  let cancelPoll = (): void => undefined;

  const schedulePoll = (): void => {
    cancelPoll();
    cancelPoll = scheduler.after(pollMs, () => {
      isPollDue = true;
      readNext();
    });
  };

  const readNext = (): void => {
    const readers = isPollDue ? followers : newcomers;
    if (!isReading && readers.size > 0) void readFor([...readers]);
  };

  const readFor = async (readers: readonly Follower[]): Promise<void> => {
    const isPoll = isPollDue;
    isReading = true;
    isPollDue = false;
    for (const reader of readers) newcomers.delete(reader);
    try {
      const ids = [...new Set(readers.map(({ user }) => user))];
      const revisions = await users.revisions(ids);
      const revisionOf = new Map(ids.map((user, index) => [user, revisions[index]]));
      for (const reader of readers) notify(reader, revisionOf.get(reader.user));
    } catch (error) {
      // The store observes its failures itself, and the next poll tries again.
      if (!(error instanceof TaskholdError))
        observe({ type: 'failure', requestId: null, code: 'internal_error', error });
    }
    isReading = false;
    if (isPoll && followers.size > 0) schedulePoll();
    readNext();
  };

  const notify = (follower: Follower, revision: Revision | undefined): void => {
    if (revision === undefined || revision === follower.last || !followers.has(follower)) return;
    follower.last = revision;
    follower.listener(revision);
  };

  return (user, listener) => {
    const follower: Follower = { user, listener, last: null };
    followers.add(follower);
    newcomers.add(follower);
    if (followers.size === 1) schedulePoll();
    scheduler.after(0, readNext);
    return () => {
      followers.delete(follower);
      newcomers.delete(follower);
      if (followers.size === 0) cancelPoll();
    };
  };
};
