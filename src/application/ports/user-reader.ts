import type { UserId } from '../../domain/user.ts';
import type { Instant, Revision } from '../../domain/task.ts';

/** What is stored about a user, all read at one moment. */
export interface UserSummary {
  /** From the last token that had it and wrote. */
  readonly email: string | null;
  readonly displayName: string | null;
  /** When the first task was created; null before that. */
  readonly createdAt: Instant | null;
  readonly pending: number;
  readonly completed: number;
  /** The counter of writes; 0 before the first one. */
  readonly revision: Revision;
}

/** Reads what is stored about a user. Rejects with `unavailable` while the store cannot be reached. */
export interface UserReader {
  /** For a user who never wrote: nulls and zeros, no error. */
  summary(owner: UserId): Promise<UserSummary>;
}
