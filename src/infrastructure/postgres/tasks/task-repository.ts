import type { TaskRepository } from '../../../application/ports/task-repository.ts';
import { insertTask } from './insert-task.ts';
import { updateTask } from './update-task.ts';
import type { Database } from '../client/database.ts';
import { keyedWrites } from '../keys/keyed-writes.ts';
import { findTask } from './find-task.ts';
import { listTasks } from './lists/list-tasks.ts';
import { deleteTask } from './delete-task.ts';

/** Tasks in PostgreSQL 15 or newer; see {@link TaskRepository} for what is promised. Without a trash, deletions are for good. */
export const postgresTaskRepository = (
  database: Database,
  { hasTrash = true }: { readonly hasTrash?: boolean } = {},
): TaskRepository => ({
  add: insertTask(database),
  find: findTask(database),
  list: listTasks(database),
  change: updateTask(database),
  remove: deleteTask(database, { hasTrash }),
  once: keyedWrites(database, { hasTrash }),
});
