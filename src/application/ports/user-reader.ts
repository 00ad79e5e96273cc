import type { UserId } from '../../domain/user.ts';
import type { Instant, Revision } from '../../domain/task.ts';

/** What is kept of an owner, all of one moment. */
export interface UserSummary {
  /** As the last write's token that had them brought them. */
  readonly email: string | null;
  readonly displayName: string | null;
  /** When the first task was created; null before that. */
  readonly createdAt: Instant | null;
  readonly pending: number;
  readonly completed: number;
  /** The counter of writes; 0 before the first one. */
  readonly revision: Revision;
}

/** Reads what writes have kept of an owner. Rejects with `unavailable` while the store cannot be reached. */
export interface UserReader {
  /** Of an owner who never wrote, there is nothing: no error, but nulls and zeros. */
  summary(owner: UserId): Promise<UserSummary>;
}
