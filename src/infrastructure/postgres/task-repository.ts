import { sql } from 'slonik';
import { z } from 'zod';
import type { Expected, TaskRepository } from '../../application/ports/task-repository.ts';
import type { Owner } from '../../domain/owner.ts';
import type { TaskId } from '../../domain/task.ts';
import { refuseUnstorable } from '../../domain/text.ts';
import type { Database } from './database.ts';
import { listTasks } from './list-tasks.ts';
import { revision, taskColumns, taskRow, toTask } from './task-row.ts';

/*
 * Each write is one statement, at READ COMMITTED, that locks the owner's row first and the task's row second:
 *
 *   found    the task as the statement's snapshot shows it; where it is missing, or at another revision than
 *            expected, nothing is locked and nothing is written
 *   counter  takes the owner's next revision; the lock on the owner's row, held until the commit, puts the writes of
 *            an owner in one order, so that revisions become visible in the order in which they were taken
 *   written  writes the task; where another writer was faster, PostgreSQL checks the conditions again on the row as
 *            it is now, and the slower one writes nothing
 */

const taken = z.object({ revision });
const written = z.union([taskRow, z.object({ id: z.null() })]);
const removed = z.object({ removed: z.boolean() });

/** Tasks in PostgreSQL 15 or newer; see {@link TaskRepository} for what is promised. */
export const postgresTaskRepository = (database: Database): TaskRepository => ({
  add: async (owner, { id, title, description, completed, createdAt }) => {
    refuseUnstorable(title, description);
    const task = { id, owner: owner.id, title, description, completed, createdAt, updatedAt: createdAt };
    const [row] = await database.rows(database.statement('task-add', taken)`
      WITH counter AS (
        INSERT INTO owners (id, revision, email, display_name, created_at)
        VALUES (${owner.id}, 1, ${owner.email}, ${owner.displayName}, ${createdAt}::timestamptz)
        ON CONFLICT (id) DO UPDATE SET
          revision = owners.revision + 1,
          email = coalesce(excluded.email, owners.email),
          display_name = coalesce(excluded.display_name, owners.display_name)
        RETURNING revision
      )
      INSERT INTO tasks (owner_id, id, title, description, completed, created_at, updated_at, revision)
      SELECT ${owner.id}, ${id}::uuid, ${title}, ${description}, ${completed}::boolean,
        ${createdAt}::timestamptz, ${createdAt}::timestamptz, counter.revision
      FROM counter
      RETURNING revision`);
    if (row === undefined) throw new Error('An insert returned no row');
    return { ...task, revision: row.revision };
  },

  find: async (owner, id) => {
    const [row] = await database.rows(database.statement('task-find', taskRow)`
      SELECT ${taskColumns} FROM tasks AS task WHERE owner_id = ${owner} AND id = ${id}::uuid`);
    return row === undefined ? null : toTask(owner, row);
  },

  list: listTasks(database),

  change: async (owner, id, change, at, expected) => {
    refuseUnstorable(change.title, change.description);
    const ownerId = owner.id;
    const [row] = await database.rows(database.statement('task-change', written)`
      WITH ${takenFor(owner, id, expected)}, written AS (
        UPDATE tasks SET
          title = coalesce(${change.title ?? null}, title),
          description = CASE WHEN ${change.description !== undefined}::boolean
            THEN ${change.description ?? null} ELSE description END,
          completed = CASE WHEN ${change.completed === 'toggle'}::boolean
            THEN NOT completed ELSE coalesce(${literalOf(change.completed)}::boolean, completed) END,
          updated_at = greatest(updated_at, ${at}::timestamptz),
          revision = counter.revision
        FROM counter
        WHERE owner_id = ${owner.id} AND id = ${id}::uuid AND ${isExpected(sql.fragment`tasks.revision`, expected)}
        RETURNING tasks.*
      )
      SELECT ${taskColumns} FROM found LEFT JOIN written AS task ON true`);
    if (row === undefined) return { outcome: 'missing' };
    if (row.id === null) return { outcome: lostTo(expected) };
    return { outcome: 'changed', task: toTask(ownerId, row) };
  },

  remove: async (owner, id, expected) => {
    const [row] = await database.rows(database.statement('task-remove', removed)`
      WITH ${takenFor(owner, id, expected)}, written AS (
        DELETE FROM tasks USING counter
        WHERE owner_id = ${owner.id} AND id = ${id}::uuid AND ${isExpected(sql.fragment`tasks.revision`, expected)}
        RETURNING tasks.id
      )
      SELECT written.id IS NOT NULL AS removed FROM found LEFT JOIN written ON true`);
    if (row === undefined) return { outcome: 'missing' };
    return { outcome: row.removed ? 'removed' : lostTo(expected) };
  },
});

const takenFor = (owner: Owner, id: TaskId, expected: Expected | undefined) => sql.fragment`
  found AS (
    SELECT revision AS found_revision FROM tasks WHERE owner_id = ${owner.id} AND id = ${id}::uuid
  ), counter AS (
    UPDATE owners SET
      revision = revision + 1,
      email = coalesce(${owner.email}, email),
      display_name = coalesce(${owner.displayName}, display_name)
    WHERE id = ${owner.id}
      AND EXISTS (SELECT FROM found WHERE ${isExpected(sql.fragment`found_revision`, expected)})
    RETURNING revision
  )`;

/** The parameter is always there, null where anything is welcome, so that each write has one text to prepare. */
const isExpected = (column: ReturnType<typeof sql.fragment>, expected: Expected | undefined) => {
  const revisions = expected === undefined ? null : `{${expected.join(',')}}`;
  return sql.fragment`(${revisions}::bigint[] IS NULL OR ${column} = ANY (${revisions}::bigint[]))`;
};

const literalOf = (completed: boolean | 'toggle' | undefined): boolean | null =>
  typeof completed === 'boolean' ? completed : null;

/** The task was there and was not written: to someone who expected nothing of it, only a delete can do that. */
const lostTo = (expected: Expected | undefined) => (expected === undefined ? 'missing' : 'mismatch');
