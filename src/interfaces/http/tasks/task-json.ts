import type { Task } from '../../../domain/task.ts';
import type { TaskResource } from './task-schemas.ts';

/** The one place where a task takes on the names of the API. */
export const toJson = (task: Task): TaskResource => ({
  id: task.id,
  user_id: task.owner,
  title: task.title,
  description: task.description,
  completed: task.completed,
  created_at: task.createdAt,
  updated_at: task.updatedAt,
  revision: task.revision,
});
