import type { TaskRepository } from '../../../application/ports/task-repository.ts';
import type { UserId } from '../../../domain/user.ts';
import type { Task, TaskId } from '../../../domain/task.ts';
import { parameterColumn } from './batch-parameters.ts';
import { toTask } from './columns.ts';
import type { Database } from '../client/database.ts';
import { taskColumns, taskRow } from './task-row.ts';

const found = taskRow(
  (row): row is { ordinal: number } => 'ordinal' in row && typeof row.ordinal === 'number',
);

const batchLimits = { maxBatchSize: 50, maxConcurrentBatches: 2 };

interface TaskKey {
  readonly owner: UserId;
  readonly id: TaskId;
}

/** Finds tasks of all users by one statement where they are requested at about the same time, each under its own user. */
export const findTask = (database: Database): TaskRepository['find'] => {
  if (!database.isBatching) return findAlone(database);
  const find = database.dataLoader<TaskKey, Task | null>(async (keys, { since }) => {
    const statement = database.statement('task-find', found)`
      SELECT key.ordinal, ${taskColumns}
      FROM unnest(${parameterColumn(keys, ({ owner }) => owner, 'text')}, ${parameterColumn(keys, ({ id }) => id, 'uuid')}) WITH ORDINALITY AS key (owner_id, id, ordinal)
      JOIN tasks AS task ON task.owner_id = key.owner_id AND task.id = key.id`;
    const rows = await database.rows(statement, since);
    const byOrdinal = new Map(rows.map((row) => [row.ordinal, row]));
    return ({ owner }, index) => {
      const row = byOrdinal.get(index + 1);
      return row === undefined ? null : toTask(owner, row);
    };
  }, batchLimits);
  return (owner, id) => find({ owner, id });
};

const foundAlone = taskRow((row): row is object => typeof row === 'object');

const findAlone =
  (database: Database): TaskRepository['find'] =>
  async (owner, id) => {
    const [row] = await database.rows(database.statement('task-find-alone', foundAlone)`
      SELECT ${taskColumns} FROM tasks AS task WHERE task.owner_id = ${owner} AND task.id = ${id}::uuid`);
    return row === undefined ? null : toTask(owner, row);
  };
