import { sql } from 'slonik';
import { z } from 'zod';
import type { NewTask, TaskRepository } from '../../../application/ports/task-repository.ts';
import type { User } from '../../../domain/user.ts';
import type { Task } from '../../../domain/task.ts';
import { refuseUnstorable } from '../../../domain/text.ts';
import { batchedWrite } from '../batching/batched-write.ts';
import type { Database, Statement } from '../client/database.ts';
import { isNewKey, keptOfAll, keyColumns, keyNames, type Keyed } from '../keys/keyed-batch.ts';
import { isNew, type KeyedWrite } from '../keys/keyed-statement.ts';
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

export type Inserted = z.infer<typeof inserted>;

export interface Insert {
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
          VALUES (${ownerValues(owner, task)})
          ${countOneMore}
        ), new_task (${names}) AS (VALUES (${valuesOf(task)}))
        ${insertFrom(sql.fragment`new_task CROSS JOIN counter`)} RETURNING owner_id, revision`;
      const [row] = await database.write(statement, since);
      if (row === undefined) throw new Error('An insert returned no row');
      return toInsertedTask(row, { owner, task });
    },
    batch: (inserts) => database.statement('task-insert-batch', inserted)`
      WITH free AS (
        SELECT new_task.* FROM unnest(${ownerColumns(inserts)}, ${valuesOfAll(inserts)})
          AS new_task (owner_id, email, display_name, ${names})
        JOIN owners ON owners.id = new_task.owner_id AND owners.created_at IS NOT NULL
        FOR NO KEY UPDATE OF owners SKIP LOCKED
      ), ${lockUsers}
      ${insertFrom(sql.fragment`free AS new_task JOIN counter USING (owner_id)`)} RETURNING owner_id, revision`,
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
  FROM ${source}`;

/** The same under a key. */
export const insertion = ({ owner, task }: Insert): KeyedWrite => ({
  name: 'task-insert-keyed',
  parts: sql.fragment`
    found AS (SELECT * FROM tasks WHERE false), counter AS (
      INSERT INTO owners (id, revision, email, display_name, created_at)
      SELECT ${ownerValues(owner, task)} WHERE true${isNew}
      ${countOneMore}
    ), new_task (${names}) AS (VALUES (${valuesOf(task)})), written AS (
      ${insertFrom(sql.fragment`new_task CROSS JOIN counter`)} RETURNING tasks.*
    )`,
  keepsTask: true,
});

/** The batch under keys. */
export const insertions = (database: Database, inserts: readonly (Insert & Keyed)[]): Statement<Inserted> =>
  database.statement('task-insert-batch-keyed', inserted)`
    WITH free AS (
      SELECT new_task.* FROM unnest(${ownerColumns(inserts)}, ${valuesOfAll(inserts)}, ${keyColumns(inserts)})
        AS new_task (owner_id, email, display_name, ${names}, ${keyNames})
      JOIN owners ON owners.id = new_task.owner_id AND owners.created_at IS NOT NULL
      WHERE ${isNewKey('new_task')}
      FOR NO KEY UPDATE OF owners SKIP LOCKED
    ), ${lockUsers}, written AS (
      ${insertFrom(sql.fragment`free AS new_task JOIN counter USING (owner_id)`)} RETURNING tasks.*
    ), ${keptOfAll}
    SELECT owner_id, revision FROM written`;

/** A new user's row, with the counter at the first revision. */
const ownerValues = (owner: User, { createdAt }: NewTask): Fragment =>
  sql.fragment`${owner.id}, 1, ${owner.email}, ${owner.displayName}, ${createdAt}::timestamptz`;

/** An erased user has no time of a first task. */
const countOneMore = sql.fragment`ON CONFLICT (id) DO UPDATE SET
            created_at = coalesce(owners.created_at, excluded.created_at),
            ${nextRevision(sql.fragment`excluded.email`, sql.fragment`excluded.display_name`)}
          RETURNING id AS owner_id, revision, indexing`;

export const toInsertedTask = ({ revision }: Inserted, { owner, task }: Insert): Task => ({
  ...task,
  owner: owner.id,
  updatedAt: task.createdAt,
  revision,
});
