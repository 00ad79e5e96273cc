import { sql } from 'slonik';
import { z } from 'zod';
import type { TaskRepository } from '../../application/ports/task-repository.ts';
import { refuseUnstorable } from '../../domain/text.ts';
import type { Database } from './database.ts';
import { findTask } from './find-task.ts';
import { listTasks } from './list-tasks.ts';
import { isExpected, settled, takenFor } from './owner-counter.ts';
import { revision, taskColumns, taskRow, toTask } from './task-row.ts';

const taken = z.object({ revision });
const written = z.union([
  taskRow.extend({ tried: z.literal(true) }),
  z.object({ id: z.null(), tried: z.boolean() }),
]);
const removed = z.object({ removed: z.boolean(), tried: z.boolean() });

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

  find: findTask(database),

  list: listTasks(database),

  change: async (owner, id, { title, description, completed }, at, expected) => {
    refuseUnstorable(title, description);
    const ownerId = owner.id;
    const statement = database.statement('task-change', written)`
      WITH ${takenFor(owner, id, expected)}, written AS (
        UPDATE tasks SET
          title = coalesce(${title ?? null}, title),
          description = CASE WHEN ${description !== undefined}::boolean
            THEN ${description ?? null} ELSE description END,
          completed = CASE WHEN ${completed === 'toggle'}::boolean
            THEN NOT completed ELSE coalesce(${literalOf(completed)}::boolean, completed) END,
          updated_at = greatest(updated_at, ${at}::timestamptz),
          revision = counter.revision
        FROM counter
        WHERE owner_id = ${ownerId} AND id = ${id}::uuid AND ${isExpected(sql.fragment`tasks.revision`, expected)}
        RETURNING tasks.*
      )
      SELECT ${taskColumns}, EXISTS (SELECT FROM counter) AS tried
      FROM found LEFT JOIN written AS task ON true`;
    return settled(async () => {
      const [row] = await database.rows(statement);
      if (row === undefined) return { outcome: 'missing' };
      if (row.id !== null) return { outcome: 'changed', task: toTask(ownerId, row) };
      return row.tried ? null : { outcome: 'mismatch' };
    });
  },

  remove: async (owner, id, expected) => {
    const statement = database.statement('task-remove', removed)`
      WITH ${takenFor(owner, id, expected)}, written AS (
        DELETE FROM tasks USING counter
        WHERE owner_id = ${owner.id} AND id = ${id}::uuid AND ${isExpected(sql.fragment`tasks.revision`, expected)}
        RETURNING tasks.id
      )
      SELECT written.id IS NOT NULL AS removed, EXISTS (SELECT FROM counter) AS tried
      FROM found LEFT JOIN written ON true`;
    return settled(async () => {
      const [row] = await database.rows(statement);
      if (row === undefined) return { outcome: 'missing' };
      if (row.removed) return { outcome: 'removed' };
      return row.tried ? null : { outcome: 'mismatch' };
    });
  },
});

const literalOf = (completed: boolean | 'toggle' | undefined): boolean | null =>
  typeof completed === 'boolean' ? completed : null;
