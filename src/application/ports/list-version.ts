import type { Revision } from '../../domain/task.ts';
import type { UserId } from '../../domain/user.ts';

/** While the version is the same, all lists of the user are the same. */
export interface ListVersion {
  /** Identifies the server process that answered: another one may have lost writes, and repeat revisions. */
  readonly server: string;
  /** The user's counter; 0 before the first write. */
  readonly revision: Revision;
}

/** Reads the version of a user's lists, as it is at a moment after the call. Rejects as a `TaskRepository` does. */
export type ReadListVersion = (user: UserId) => Promise<ListVersion>;
