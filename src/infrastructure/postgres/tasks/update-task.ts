import { sql } from 'slonik';
import type { z } from 'zod';
import type {
  ChangeResult,
  ExpectedRevisions,
  TaskRepository,
} from '../../../application/ports/task-repository.ts';
import type { User } from '../../../domain/user.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Task, TaskChange, TaskId } from '../../../domain/task.ts';
import { refuseUnstorable } from '../../../domain/text.ts';
import type { Database, Statement } from '../client/database.ts';
import { batchedWrite } from '../batching/batched-write.ts';
import { isNewKey, keptOfAll, keyColumns, keyNames, type Keyed } from '../keys/keyed-batch.ts';
import { isNew, type KeyedWrite } from '../keys/keyed-statement.ts';
import { isExpected, retryLostRace, lockUser, lockUsers } from '../users/revision-counter.ts';
import {
  assignBatch,
  assignChange,
  batchNames,
  batchParameters,
  changedFields,
  nameOfFields,
} from './set-clause.ts';
import { ownerColumns, parameterColumn } from './batch-parameters.ts';
import { toTask, type Fragment } from './columns.ts';
import { taskColumns, taskRow } from './task-row.ts';

/** The task as it was written, or else as it was found; `tried` without `written` is a lost race. */
const result = taskRow(
  (row): row is { written: boolean; tried: boolean } =>
    'written' in row && typeof row.written === 'boolean' && 'tried' in row && typeof row.tried === 'boolean',
);
const changed = taskRow(
  (row): row is { owner_id: string } => 'owner_id' in row && typeof row.owner_id === 'string',
);

export type Updated = z.infer<typeof changed>;

export interface Update {
  readonly owner: User;
  readonly id: TaskId;
  readonly change: TaskChange;
  readonly at: Instant;
  readonly expected: ExpectedRevisions | undefined;
}

/** Changes a task as it is when the statement runs. */
export const updateTask = (database: Database): TaskRepository['change'] => {
  const single = (update: Update, since?: number): Promise<ChangeResult> => {
    const { owner, id, change, expected } = update;
    const name = `task-update-${nameOfFields(changedFields([change]))}`;
    const statement = database.statement(name, result)`
      WITH ${lockUser(owner, id, expected)}, ${written(update)}
      SELECT ${taskColumns}, task.written, EXISTS (SELECT FROM counter) AS tried
      FROM (
        SELECT *, true AS written FROM written
        UNION ALL
        SELECT *, false AS written FROM found WHERE NOT EXISTS (SELECT FROM written)
      ) AS task`;
    let waitingSince = since;
    return retryLostRace(async () => {
      const [row] = await database.write(statement, waitingSince);
      waitingSince = undefined; // a second attempt may wait as long as the first
      if (row === undefined) return { outcome: 'missing' };
      const task = toTask(owner.id, row);
      if (row.written) return { outcome: 'changed', task };
      return row.tried ? null : { outcome: 'mismatch', current: task };
    });
  };

  const batch = (updates: readonly Update[]) => {
    const fields = changedFields(updates.map(({ change }) => change));
    return database.statement(`task-update-batch-${nameOfFields(fields)}`, changed)`
    WITH free AS (
      SELECT change.* FROM unnest(
        ${ownerColumns(updates)},
        ${parameterColumn(updates, ({ id }) => id, 'uuid')},
        ${batchParameters(updates, fields)}
      ) AS change (owner_id, email, display_name, id, ${batchNames(fields)})
      JOIN owners ON owners.id = change.owner_id
      JOIN tasks ON tasks.owner_id = change.owner_id AND tasks.id = change.id
      FOR NO KEY UPDATE OF owners, tasks SKIP LOCKED
    ), ${lockUsers}
    UPDATE tasks AS task SET ${assignBatch(fields)}
    FROM free JOIN counter USING (owner_id)
    WHERE task.owner_id = free.owner_id AND task.id = free.id
    RETURNING task.owner_id, ${taskColumns}`;
  };

  const updateInBatch = batchedWrite<Update, Updated, ChangeResult>(database, {
    single,
    batch,
    resultOf: (row, update) => ({ outcome: 'changed', task: toChangedTask(row, update) }),
  });

  return async (owner, id, change, at, expected) => {
    refuseUnstorable(Object.values(change));
    const update = { owner: { ...owner }, id, change: { ...change }, at, expected };
    return expected === undefined ? updateInBatch(update) : single(update);
  };
};

/** The same under a key. */
export const modification = (update: Update): KeyedWrite => {
  const { owner, id, change, expected } = update;
  return {
    name: `task-update-keyed-${nameOfFields(changedFields([change]))}`,
    parts: sql.fragment`${lockUser(owner, id, expected, { condition: isNew })}, ${written(update)}`,
    keepsTask: true,
  };
};

/** The batch under keys. */
export const modifications = (
  database: Database,
  updates: readonly (Update & Keyed)[],
): Statement<Updated> => {
  const fields = changedFields(updates.map(({ change }) => change));
  return database.statement(`task-update-batch-keyed-${nameOfFields(fields)}`, changed)`
    WITH free AS (
      SELECT change.* FROM unnest(
        ${ownerColumns(updates)},
        ${parameterColumn(updates, ({ id }) => id, 'uuid')},
        ${batchParameters(updates, fields)},
        ${keyColumns(updates)}
      ) AS change (owner_id, email, display_name, id, ${batchNames(fields)}, ${keyNames})
      JOIN owners ON owners.id = change.owner_id
      JOIN tasks ON tasks.owner_id = change.owner_id AND tasks.id = change.id
      WHERE ${isNewKey('change')}
      FOR NO KEY UPDATE OF owners, tasks SKIP LOCKED
    ), ${lockUsers}, written AS (
      UPDATE tasks AS task SET ${assignBatch(fields)}
      FROM free JOIN counter USING (owner_id)
      WHERE task.owner_id = free.owner_id AND task.id = free.id
      RETURNING task.*
    ), ${keptOfAll}
    SELECT owner_id, ${taskColumns} FROM written AS task`;
};

export const toChangedTask = (row: Updated, { owner }: Update): Task => toTask(owner.id, row);

const written = ({ owner, id, change, at, expected }: Update): Fragment => sql.fragment`written AS (
        UPDATE tasks AS task SET ${assignChange(change, at)}
        FROM counter
        WHERE owner_id = ${owner.id} AND id = ${id}::uuid AND ${isExpected(sql.fragment`task.revision`, expected)}
        RETURNING task.*
      )`;
