import type { UserId } from '../../domain/user.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Revision } from '../../domain/task.ts';

/** The stored data of a user, from one snapshot. */
export interface UserSummary {
  /** From the last write whose token had an email. */
  readonly email: string | null;
  /** From the last write whose token had a name. */
  readonly displayName: string | null;
  /** When the first task was created; null before that. */
  readonly createdAt: Instant | null;
  /** The number of tasks that are not completed. */
  readonly pending: number;
  /** The number of completed tasks. */
  readonly completed: number;
  /** The user's write counter; 0 before the first write. */
  readonly revision: Revision;
}

/**
 * What is stored about a user. Rejects with `unavailable` while the store cannot be reached; to erase rejects as a write of a
 * `TaskRepository` does.
 */
export interface UserStore {
  /** For a user without writes: nulls and zeros, no error. */
  summary(user: UserId): Promise<UserSummary>;
  /**
   * Erases everything that is stored of the user, in one step: tasks, trash, tombstones, email and name. The id stays with its
   * counter, which takes its next value, so that no revision is given twice, and caches and followers notice. Nothing happens for
   * a user without writes.
   */
  erase(user: UserId): Promise<void>;
  /** The write counters of these users, in their order, each as it is at a moment after the call; 0 before the first write. */
  revisions(users: readonly UserId[]): Promise<readonly Revision[]>;
}
