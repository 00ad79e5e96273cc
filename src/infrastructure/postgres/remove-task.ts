import { sql } from 'slonik';
import { z } from 'zod';
import type { TaskRepository } from '../../application/ports/task-repository.ts';
import type { Database } from './database.ts';
import { isExpected, settled, takenFor } from './owner-counter.ts';

const removed = z.object({ removed: z.boolean(), tried: z.boolean() });

/** Removes a task; its owner's row, with the counter, stays. */
export const removeTask =
  (database: Database): TaskRepository['remove'] =>
  async (owner, id, expected) => {
    const statement = database.statement('task-remove', removed)`
      WITH ${takenFor(owner, id, expected)}, written AS (
        DELETE FROM tasks USING counter
        WHERE owner_id = ${owner.id} AND id = ${id}::uuid AND ${isExpected(sql.fragment`tasks.revision`, expected)}
        RETURNING tasks.id
      )
      SELECT written.id IS NOT NULL AS removed, EXISTS (SELECT FROM counter) AS tried
      FROM found LEFT JOIN written ON true`;
    return settled(async () => {
      const [row] = await database.write(statement);
      if (row === undefined) return { outcome: 'missing' };
      if (row.removed) return { outcome: 'removed' };
      return row.tried ? null : { outcome: 'mismatch' };
    });
  };
