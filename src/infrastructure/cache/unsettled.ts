import type { UserId } from '../../domain/owner.ts';
import { TaskholdError } from '../../domain/errors.ts';

/** The owners whose tasks may be changing at this moment: nothing that is read of them may be kept. */
export interface Unsettled {
  has(owner: UserId): boolean;
  /** The owner is unsettled until the write is over, or certain to be over. */
  during<Result>(owner: UserId, write: () => Promise<Result>): Promise<Result>;
  /** To be told of every read that failed. */
  readonly failed: (error: unknown) => void;
}

export interface DoubtOptions {
  /** How long after a failure the database may still be at work for somebody who has been told that it failed. */
  readonly doubtMilliseconds: number;
  /** More owners in doubt than this, and all of them are. */
  readonly maxOwners: number;
  /** A clock that never goes back, in milliseconds. */
  readonly now?: () => number;
}

/**
 * A write that failed may have been done all the same, or, where only the connection was lost, be done later yet. Its
 * owner stays in doubt for as long as a statement can take, counted from the last trouble with the database: while that
 * goes on, a statement can be waiting in there.
 */
export const createUnsettled = ({
  doubtMilliseconds,
  maxOwners,
  now = () => performance.now(),
}: DoubtOptions): Unsettled => {
  const writing = new Map<UserId, number>();
  const doubted = new Set<UserId>();
  let doubtEnds = 0;

  const failed = (error: unknown): void => {
    if (!neverBegun(error)) doubtEnds = now() + doubtMilliseconds;
  };

  const inDoubt = (owner: UserId): boolean => {
    if (now() < doubtEnds) return doubted.has(owner) || doubted.size > maxOwners;
    doubted.clear();
    return false;
  };

  return {
    has: (owner) => (writing.size > 0 && writing.has(owner)) || (doubted.size > 0 && inDoubt(owner)),

    during: async (owner, write) => {
      writing.set(owner, (writing.get(owner) ?? 0) + 1);
      try {
        return await write();
      } catch (error) {
        failed(error);
        if (!neverBegun(error) && doubted.size <= maxOwners) doubted.add(owner);
        throw error;
      } finally {
        const left = (writing.get(owner) ?? 1) - 1;
        if (left === 0) writing.delete(owner);
        else writing.set(owner, left);
      }
    },

    failed,
  };
};

/** By the port's word: what was refused before it began has no cause. */
const neverBegun = (error: unknown): boolean =>
  error instanceof TaskholdError && error.code === 'unavailable' && error.cause === undefined;
