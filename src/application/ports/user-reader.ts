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

/** Reads what is stored about a user. Rejects with `unavailable` while the store cannot be reached. */
export interface UserReader {
  /** For a user without writes: nulls and zeros, no error. */
  summary(user: UserId): Promise<UserSummary>;
}
