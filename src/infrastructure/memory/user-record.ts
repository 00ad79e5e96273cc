import type { ExpectedRevisions } from '../../application/ports/task-repository.ts';
import type { Instant } from '../../domain/instant.ts';
import { isRevision, type Revision, type Task, type TaskId, type TrashedTask } from '../../domain/task.ts';
import type { User, UserId } from '../../domain/user.ts';

/** What is stored of a user. */
export interface UserRecord {
  revision: Revision;
  email: string | null;
  displayName: string | null;
  /** When the first task was created; null before that. */
  createdAt: Instant | null;
  /** See `ChangesPage`. */
  readonly completeFrom: Revision;
  readonly tasks: Map<TaskId, Task>;
  readonly trash: Map<TaskId, TrashedTask>;
  /** The revisions of the deletions of tasks that are in the trash, or gone. */
  readonly deletions: Map<TaskId, Revision>;
}

export type UserRecords = Map<UserId, UserRecord>;

/** What a user without writes has; the counter of an erased user goes on. */
export const newRecord = (revision: Revision = zero): UserRecord => ({
  revision,
  email: null,
  displayName: null,
  createdAt: null,
  completeFrom: revision,
  tasks: new Map(),
  trash: new Map(),
  deletions: new Map(),
});

/** Increments the counter, and stores the user's profile as far as the token has it. */
export const nextRevision = (record: UserRecord, { email, displayName }: User): Revision => {
  record.revision = after(record.revision);
  record.email = email ?? record.email;
  record.displayName = displayName ?? record.displayName;
  return record.revision;
};

export const isExpected = (task: Task, expected: ExpectedRevisions | undefined): boolean =>
  expected === undefined || expected.includes(task.revision);

const revision = (value: number): Revision => {
  if (!isRevision(value)) throw new RangeError(`${value} is no revision`);
  return value;
};
export const zero = revision(0);
export const after = (current: Revision): Revision => revision(current + 1);
