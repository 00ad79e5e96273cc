import type { Task } from '../../../domain/task.ts';
import type { TaskResource } from './task-schemas.ts';

/** Maps a task to the names of the API; no other code does. */
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
