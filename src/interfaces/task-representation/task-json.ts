import type { z } from 'zod';
import type { Task, TaskChange, TaskDraft, TrashedTask } from '../../domain/task.ts';
import type { taskChange, taskDraft, TaskResource, TrashedTaskResource } from './task-schemas.ts';

/** Maps a task to the names of the API. No other file maps names. */
export const toJson = (task: Task): TaskResource => ({
  id: task.id,
  user_id: task.owner,
  title: task.title,
  description: task.description,
  completed: task.completed,
  priority: task.priority,
  due_date: task.dueDate,
  tags: [...task.tags],
  created_at: task.createdAt,
  updated_at: task.updatedAt,
  revision: task.revision,
});

export const toTrashedJson = (task: TrashedTask): TrashedTaskResource => ({
  ...toJson(task),
  deleted_at: task.deletedAt,
});

export const toDraft = ({ due_date: dueDate, ...fields }: z.output<typeof taskDraft>): TaskDraft => ({
  ...fields,
  dueDate,
});

/** An absent member stays absent. */
export const toChange = ({ due_date: dueDate, ...fields }: z.output<typeof taskChange>): TaskChange =>
  dueDate === undefined ? fields : { ...fields, dueDate };
