import { sql, type ValueExpression } from 'slonik';
import type { ExpectedRevisions } from '../../../application/ports/task-repository.ts';
import type { User } from '../../../domain/user.ts';
import type { TaskId } from '../../../domain/task.ts';

/*
 * Each write is one statement, at READ COMMITTED, that locks the owner's row first and the task's row second:
 *
 *   found    the task in the snapshot of the statement; if it is missing, or has another revision than expected, nothing
 *            is locked or written, and this is the result
 *   counter  takes the owner's next revision; the lock on the owner's row is held until the commit and serializes the
 *            writes of an owner, so that revisions become visible in ascending order
 *   written  writes the task; if another writer has committed first, PostgreSQL checks the conditions again on the
 *            current row, and this statement writes nothing: it has lost the race
 *
 * A batch for several owners begins with `free`, which locks only the owner rows that are not locked (SKIP LOCKED) and leaves
 * out the others. So no write waits for the write of another owner, and two statements cannot deadlock.
 */

/** Sets the next revision in the owner's row, and the email and display name if the token has them. */
export const nextRevision = (email: ValueExpression, displayName: ValueExpression) => sql.fragment`
  revision = owners.revision + 1,
  email = coalesce(${email}, owners.email),
  display_name = coalesce(${displayName}, owners.display_name)`;

/** `counter` for all owners in `free`, which has each owner once. */
export const lockUsers = sql.fragment`
  counter AS (
    UPDATE owners SET ${nextRevision(sql.fragment`free.email`, sql.fragment`free.display_name`)}
    FROM free
    WHERE owners.id = free.owner_id
    RETURNING owners.id AS owner_id, owners.revision, owners.indexing
  )`;

/** Where a task is found, and on what condition besides. */
interface FoundIn {
  readonly table?: 'tasks' | 'trashed_tasks';
  readonly condition?: ReturnType<typeof sql.fragment>;
}

/**
 * `found` and `counter`, for a write to an existing task, or to one in the trash. `condition` is appended to that of `found`.
 */
export const lockUser = (
  owner: User,
  id: TaskId,
  expected: ExpectedRevisions | undefined,
  { table = 'tasks', condition = sql.fragment`` }: FoundIn = {},
) => sql.fragment`
  found AS (
    SELECT * FROM ${sql.identifier([table])} WHERE owner_id = ${owner.id} AND id = ${id}::uuid${condition}
  ), counter AS (
    UPDATE owners SET ${nextRevision(owner.email, owner.displayName)}
    WHERE id = ${owner.id}
      AND EXISTS (SELECT FROM found WHERE ${isExpected(sql.fragment`found.revision`, expected)})
    RETURNING revision, indexing
  )`;

/** Null allows any revision. The parameter is always present, so that each write has one text to prepare. */
export const isExpected = (
  column: ReturnType<typeof sql.fragment>,
  expected: ExpectedRevisions | undefined,
) => {
  const revisions = expected === undefined ? null : `{${expected.join(',')}}`;
  return sql.fragment`(${revisions}::bigint[] IS NULL OR ${column} = ANY (${revisions}::bigint[]))`;
};

/**
 * Repeats an attempt that returns null because it lost a race: the other writer has committed, so the next attempt reads the
 * current state. The repetition ends: an expected revision that was replaced never comes back, and without one, every attempt that
 * lost a race was preceded by another write that did not.
 */
export const retryLostRace = async <Result>(attempt: () => Promise<Result | null>): Promise<Result> =>
  (await attempt()) ?? (await retryLostRace(attempt));
