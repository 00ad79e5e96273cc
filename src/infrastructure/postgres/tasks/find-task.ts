import type { TaskRepository } from '../../../application/ports/task-repository.ts';
import type { UserId } from '../../../domain/user.ts';
import type { Task, TaskId } from '../../../domain/task.ts';
import { parameterColumn } from './batch-parameters.ts';
import { toTask } from './columns.ts';
import type { Database } from '../client/database.ts';
import { taskColumns, taskRow } from './task-row.ts';

const found = taskRow((row): row is { place: number } => 'place' in row && typeof row.place === 'number');

const limits = { maxBatchSize: 50, maxConcurrentBatches: 2 };

interface TaskKey {
  readonly owner: UserId;
  readonly id: TaskId;
}

/** Finds tasks of all users by one statement where they are requested at about the same time, each under its own user. */
export const findTask = (database: Database): TaskRepository['find'] => {
  const find = database.dataLoader<TaskKey, Task | null>(async (keys, { since }) => {
    const statement = database.statement('task-find', found)`
      SELECT key.place, ${taskColumns}
      FROM unnest(${parameterColumn(keys, ({ owner }) => owner, 'text')}, ${parameterColumn(keys, ({ id }) => id, 'uuid')}) WITH ORDINALITY AS key (owner_id, id, place)
      JOIN tasks AS task ON task.owner_id = key.owner_id AND task.id = key.id`;
    const rows = await database.rows(statement, since);
    const byPlace = new Map(rows.map((row) => [row.place, row]));
    return ({ owner }, index) => {
      const row = byPlace.get(index + 1);
      return row === undefined ? null : toTask(owner, row);
    };
  }, limits);
  return (owner, id) => find({ owner, id });
};
