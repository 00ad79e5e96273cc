import { sql } from 'slonik';
import type { TrashedTask } from '../../../../domain/task.ts';
import type { UserId } from '../../../../domain/user.ts';
import { toTask, type TaskRow } from '../columns.ts';
import { instant, taskColumns, taskRow } from '../task-row.ts';

/** What a row of the trash has beside the columns of a task. */
export type DeletedAt = Pick<TrashedTask, 'deletedAt'>;

export const isDeletedAt = (value: unknown): value is DeletedAt['deletedAt'] =>
  instant.safeParse(value).success;

/** The columns of {@link trashedRow}, from a relation that the statement calls `task`. */
export const trashedColumns = sql.fragment`${taskColumns}, task.deleted_at AS "deletedAt"`;

export const trashedRow = taskRow(
  (row): row is DeletedAt => 'deletedAt' in row && isDeletedAt(row.deletedAt),
);

export const toTrashedTask = (owner: UserId, row: TaskRow & DeletedAt): TrashedTask => ({
  ...toTask(owner, row),
  deletedAt: row.deletedAt,
});
