import { sql } from 'slonik';
import { z } from 'zod';
import type { UserId } from '../../../domain/user.ts';
import {
  isInstant,
  isRevision,
  type Description,
  type Instant,
  type Revision,
  type Task,
  type TaskId,
  type Title,
} from '../../../domain/task.ts';

export const instant = z.custom<Instant>((value) => typeof value === 'string' && isInstant(value));
export const revision = z.custom<Revision>((value) => typeof value === 'number' && isRevision(value));

/** A row of `tasks` without its owner, who is known wherever a row is read. */
export interface TaskRow {
  readonly id: TaskId;
  readonly title: Title;
  readonly description: Description | null;
  readonly completed: boolean;
  readonly created_at: Instant;
  readonly updated_at: Instant;
  readonly revision: Revision;
}

/** What {@link TaskRow} has, from whatever a statement calls `task`. */
export const taskColumns = sql.fragment`
  task.id, task.title, task.description, task.completed, task.created_at, task.updated_at, task.revision`;

/**
 * Whole rows, with columns besides those of a task. Field by field, zod takes as long for a list as its way from the
 * database does. What a column cannot hold is not looked for: the types of the table, and the parsers of its values,
 * see to the form of ids and instants, and to lengths.
 */
export const taskRow = <Besides extends object>(hasBesides: (row: object) => row is Besides) =>
  z.custom<TaskRow & Besides>(
    (row) => typeof row === 'object' && row !== null && isTaskRow(row) && hasBesides(row),
  );

const isTaskRow = (row: object): row is TaskRow =>
  'id' in row &&
  typeof row.id === 'string' &&
  'title' in row &&
  typeof row.title === 'string' &&
  'description' in row &&
  (row.description === null || typeof row.description === 'string') &&
  'completed' in row &&
  typeof row.completed === 'boolean' &&
  'created_at' in row &&
  typeof row.created_at === 'string' &&
  'updated_at' in row &&
  typeof row.updated_at === 'string' &&
  'revision' in row &&
  typeof row.revision === 'number';

export const toTask = (owner: UserId, row: TaskRow): Task => ({
  id: row.id,
  owner,
  title: row.title,
  description: row.description,
  completed: row.completed,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  revision: row.revision,
});
