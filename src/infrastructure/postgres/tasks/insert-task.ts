import { sql } from 'slonik';
import { z } from 'zod';
import type { NewTask, TaskRepository } from '../../../application/ports/task-repository.ts';
import type { User } from '../../../domain/user.ts';
import type { Task } from '../../../domain/task.ts';
import { refuseUnstorable } from '../../../domain/text.ts';
import { batchedWrite } from '../batching/batched-write.ts';
import type { Database } from '../client/database.ts';
import { nextRevision, lockUsers } from '../users/revision-counter.ts';
import { ownerColumns, parameterColumn } from './batch-parameters.ts';
import {
  columnName,
  columnNames,
  columns,
  comma,
  fields,
  parameter,
  parameterOf,
  stored,
  type Fragment,
} from './columns.ts';
import { foldedColumn, foldedFields, foldedParameter, foldedValue } from './folded-text.ts';
import { revision } from './task-row.ts';

const inserted = z.object({ owner_id: z.string(), revision });

type Inserted = z.infer<typeof inserted>;

interface Insert {
  readonly owner: User;
  readonly task: NewTask;
}

/** Inserts a task, and its owner's row where it is the first. */
export const insertTask = (database: Database): TaskRepository['add'] => {
  const add = batchedWrite<Insert, Inserted, Task>(database, {
    single: async ({ owner, task }, since) => {
      const statement = database.statement('task-insert', inserted)`
        WITH counter AS (
          INSERT INTO owners (id, revision, email, display_name, created_at)
          VALUES (${owner.id}, 1, ${owner.email}, ${owner.displayName}, ${task.createdAt}::timestamptz)
          ON CONFLICT (id) DO UPDATE SET ${nextRevision(sql.fragment`excluded.email`, sql.fragment`excluded.display_name`)}
          RETURNING id AS owner_id, revision, indexing
        ), new_task (${names}) AS (VALUES (${valuesOf(task)}))
        ${insertFrom(sql.fragment`new_task CROSS JOIN counter`)}`;
      const [row] = await database.write(statement, since);
      if (row === undefined) throw new Error('An insert returned no row');
      return toInsertedTask(row, { owner, task });
    },
    batch: (inserts) => database.statement('task-insert-batch', inserted)`
      WITH free AS (
        SELECT new_task.* FROM unnest(${ownerColumns(inserts)}, ${valuesOfAll(inserts)})
          AS new_task (owner_id, email, display_name, ${names})
        JOIN owners ON owners.id = new_task.owner_id
        FOR NO KEY UPDATE OF owners SKIP LOCKED
      ), ${lockUsers}
      ${insertFrom(sql.fragment`free AS new_task JOIN counter USING (owner_id)`)}`,
    resultOf: toInsertedTask,
  });
  return async (owner, task) => {
    refuseUnstorable(Object.values(task));
    return add({ owner: { ...owner }, task: { ...task } });
  };
};

const members = ['id', ...fields, 'createdAt'] as const satisfies readonly (keyof NewTask)[];

const names = sql.join([columnNames(members), ...foldedFields.map(foldedColumn)], comma);

/** The values of the columns, from a relation with their parameters. */
const storedValues = sql.join(
  [...members.map((member) => stored(columnName(member), member)), ...foldedFields.map(foldedColumn)],
  comma,
);

const valuesOf = (task: NewTask) =>
  sql.join(
    [
      ...members.map((member) => parameter(parameterOf(task, member), columns[member].type)),
      ...foldedFields.map((field) => foldedParameter(task, field)),
    ],
    comma,
  );

const valuesOfAll = (inserts: readonly Insert[]) =>
  sql.join(
    [
      ...members.map((member) =>
        parameterColumn(inserts, ({ task }) => parameterOf(task, member), columns[member].type),
      ),
      ...foldedFields.map((field) =>
        parameterColumn(inserts, ({ task }) => foldedValue(task, field), 'text'),
      ),
    ],
    comma,
  );

/** Inserts the rows of `new_task`, with the revisions in `counter`. */
const insertFrom = (source: Fragment) => sql.fragment`
  INSERT INTO tasks (owner_id, ${names}, updated_at, revision, text_revision, is_indexed)
  SELECT owner_id, ${storedValues}, created_at, counter.revision, counter.revision, counter.indexing > 0
  FROM ${source}
  RETURNING owner_id, revision`;

const toInsertedTask = ({ revision }: Inserted, { owner, task }: Insert): Task => ({
  ...task,
  owner: owner.id,
  updatedAt: task.createdAt,
  revision,
});
