import type { TaskRepository } from '../../../application/ports/task-repository.ts';
import type { UserId } from '../../../domain/user.ts';
import type { Task, TaskId } from '../../../domain/task.ts';
import { columnOf } from './columns.ts';
import type { Database } from '../client/database.ts';
import { taskColumns, taskRow, toTask } from './task-row.ts';

const found = taskRow((row): row is { place: number } => 'place' in row && typeof row.place === 'number');

const limits = { maxBatchSize: 50, maxConcurrentBatches: 2 };

interface Asked {
  readonly owner: UserId;
  readonly id: TaskId;
}

/** One statement for all who ask at once, of whatever owner: every task is looked up under the owner that asked for it. */
export const findTask = (database: Database): TaskRepository['find'] => {
  const find = database.dataLoader<Asked, Task | null>(async (asked, { since }) => {
    const statement = database.statement('task-find', found)`
      SELECT asked.place, ${taskColumns}
      FROM unnest(${columnOf(asked, ({ owner }) => owner, 'text')}, ${columnOf(asked, ({ id }) => id, 'uuid')}) WITH ORDINALITY AS asked (owner_id, id, place)
      JOIN tasks AS task ON task.owner_id = asked.owner_id AND task.id = asked.id`;
    const rows = await database.rows(statement, since);
    const byPlace = new Map(rows.map((row) => [row.place, row]));
    return ({ owner }, index) => {
      const row = byPlace.get(index + 1);
      return row === undefined ? null : toTask(owner, row);
    };
  }, limits);
  return (owner, id) => find({ owner, id });
};
