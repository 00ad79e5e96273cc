import { sql } from 'slonik';
import { z } from 'zod';
import type { NewTask, TaskRepository } from '../../../application/ports/task-repository.ts';
import type { Owner } from '../../../domain/user.ts';
import type { Task } from '../../../domain/task.ts';
import { refuseUnstorable } from '../../../domain/text.ts';
import { columnOf, ownersOf } from './columns.ts';
import type { Database } from '../client/database.ts';
import { batchedWrite } from '../batching/batched-write.ts';
import { nextRevision, lockUsers } from '../users/revision-counter.ts';
import { revision } from './task-row.ts';

const stamped = z.object({ owner_id: z.string(), revision });

type Stamped = z.infer<typeof stamped>;

interface Asked {
  readonly owner: Owner;
  readonly task: NewTask;
}

/** Keeps a new task, and its owner's row where it is the first. */
export const insertTask = (database: Database): TaskRepository['add'] => {
  const add = batchedWrite<Asked, Stamped, Task>(database, {
    single: async ({ owner, task }, since) => {
      const statement = database.statement('task-add', stamped)`
        WITH counter AS (
          INSERT INTO owners (id, revision, email, display_name, created_at)
          VALUES (${owner.id}, 1, ${owner.email}, ${owner.displayName}, ${task.createdAt}::timestamptz)
          ON CONFLICT (id) DO UPDATE SET ${nextRevision(sql.fragment`excluded.email`, sql.fragment`excluded.display_name`)}
          RETURNING revision
        )
        INSERT INTO tasks (owner_id, id, title, description, completed, created_at, updated_at, revision)
        SELECT ${owner.id}, ${task.id}::uuid, ${task.title}, ${task.description}, ${task.completed}::boolean,
          ${task.createdAt}::timestamptz, ${task.createdAt}::timestamptz, counter.revision
        FROM counter
        RETURNING owner_id, revision`;
      const [row] = await database.write(statement, since);
      if (row === undefined) throw new Error('An insert returned no row');
      return toTask(row, { owner, task });
    },
    batch: (asked) => database.statement('task-add-together', stamped)`
      WITH free AS (
        SELECT asked.* FROM unnest(
          ${ownersOf(asked)},
          ${columnOf(asked, ({ task }) => task.id, 'uuid')},
          ${columnOf(asked, ({ task }) => task.title, 'text')},
          ${columnOf(asked, ({ task }) => task.description, 'text')},
          ${columnOf(asked, ({ task }) => task.completed, 'bool')},
          ${columnOf(asked, ({ task }) => task.createdAt, 'timestamptz')}
        ) AS asked (owner_id, email, display_name, id, title, description, completed, created_at)
        JOIN owners ON owners.id = asked.owner_id
        FOR NO KEY UPDATE OF owners SKIP LOCKED
      ), ${lockUsers}
      INSERT INTO tasks (owner_id, id, title, description, completed, created_at, updated_at, revision)
      SELECT owner_id, free.id, title, description, completed, created_at, created_at, counter.revision
      FROM free JOIN counter USING (owner_id)
      RETURNING owner_id, revision`,
    resultOf: toTask,
  });
  return async (owner, task) => {
    refuseUnstorable(task.title, task.description);
    return add({ owner: { ...owner }, task: { ...task } });
  };
};

const toTask = ({ revision }: Stamped, { owner, task }: Asked): Task => {
  const { id, title, description, completed, createdAt } = task;
  return { id, owner: owner.id, title, description, completed, createdAt, updatedAt: createdAt, revision };
};
