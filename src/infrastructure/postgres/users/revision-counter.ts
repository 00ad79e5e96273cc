import { sql, type ValueExpression } from 'slonik';
import type { ExpectedRevisions } from '../../../application/ports/task-repository.ts';
import type { Owner } from '../../../domain/user.ts';
import type { TaskId } from '../../../domain/task.ts';

/*
 * Each write is one statement, at READ COMMITTED, that locks the owner's row first and the task's row second:
 *
 *   found    the task as the statement's snapshot shows it; where it is missing, or at another revision than
 *            expected, nothing is locked, nothing is written, and this is the answer
 *   counter  takes the owner's next revision; the lock on the owner's row, held until the commit, puts the writes of
 *            an owner in one order, so that revisions become visible in the order in which they were taken
 *   written  writes the task; where another writer was faster, PostgreSQL checks the conditions again on the row as
 *            it is now, and the slower one writes nothing: the race is lost
 *
 * Where writes of several owners go together, `free` stands before them: it locks the rows of those owners who can be
 * had without waiting, and leaves out the others. So no write waits for a stranger's, and there is no order in which
 * two statements could lock each other out.
 */

/** What a write does to its owner's row: the next revision, and the profile as far as the token brought it. */
export const nextRevision = (email: ValueExpression, displayName: ValueExpression) => sql.fragment`
  revision = owners.revision + 1,
  email = coalesce(${email}, owners.email),
  display_name = coalesce(${displayName}, owners.display_name)`;

/** `counter`, for the owners in `free`, each of whom is there once. */
export const lockUsers = sql.fragment`
  counter AS (
    UPDATE owners SET ${nextRevision(sql.fragment`free.email`, sql.fragment`free.display_name`)}
    FROM free
    WHERE owners.id = free.owner_id
    RETURNING owners.id AS owner_id, owners.revision
  )`;

/** `found` and `counter`, for a write of a task that is there already. */
export const lockUser = (owner: Owner, id: TaskId, expected: ExpectedRevisions | undefined) => sql.fragment`
  found AS (
    SELECT * FROM tasks WHERE owner_id = ${owner.id} AND id = ${id}::uuid
  ), counter AS (
    UPDATE owners SET ${nextRevision(owner.email, owner.displayName)}
    WHERE id = ${owner.id}
      AND EXISTS (SELECT FROM found WHERE ${isExpected(sql.fragment`found.revision`, expected)})
    RETURNING revision
  )`;

/** The parameter is always there, null where anything is welcome, so that each write has one text to prepare. */
export const isExpected = (
  column: ReturnType<typeof sql.fragment>,
  expected: ExpectedRevisions | undefined,
) => {
  const revisions = expected === undefined ? null : `{${expected.join(',')}}`;
  return sql.fragment`(${revisions}::bigint[] IS NULL OR ${column} = ANY (${revisions}::bigint[]))`;
};

/**
 * Repeats an attempt that lost its race, which is null: the winner has committed, and the next look tells what is
 * there now. It ends, because a revision that was expected and is gone never comes back, and neither does a task.
 */
export const retryLostRace = async <Result>(attempt: () => Promise<Result | null>): Promise<Result> =>
  (await attempt()) ?? (await retryLostRace(attempt));
