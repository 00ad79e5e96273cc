import { sql } from 'slonik';
import { z } from 'zod';
import type { UserId } from '../../domain/owner.ts';
import {
  isInstant,
  isRevision,
  isTaskId,
  type Description,
  type Instant,
  type Revision,
  type Task,
  type TaskId,
  type Title,
} from '../../domain/task.ts';

const text = <Value extends string>() => z.custom<Value>((value) => typeof value === 'string');
const id = z.custom<TaskId>((value) => typeof value === 'string' && isTaskId(value));
export const instant = z.custom<Instant>((value) => typeof value === 'string' && isInstant(value));
export const revision = z.custom<Revision>((value) => typeof value === 'number' && isRevision(value));

/** A row of `tasks` without its owner, who is known wherever a row is read. The lengths are the table's to check. */
export const taskRow = z.object({
  id,
  title: text<Title>(),
  description: text<Description>().nullable(),
  completed: z.boolean(),
  created_at: instant,
  updated_at: instant,
  revision,
});

/** What {@link taskRow} reads, from whatever a statement calls `task`. */
export const taskColumns = sql.fragment`
  task.id, task.title, task.description, task.completed, task.created_at, task.updated_at, task.revision`;

export type TaskRow = z.infer<typeof taskRow>;

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
