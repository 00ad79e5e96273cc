import type { TaskRepository } from '../../application/ports/task-repository.ts';
import { addTask } from './add-task.ts';
import { changeTask } from './change-task.ts';
import type { Database } from './database.ts';
import { findTask } from './find-task.ts';
import { listTasks } from './list-tasks.ts';
import { removeTask } from './remove-task.ts';

/** Tasks in PostgreSQL 15 or newer; see {@link TaskRepository} for what is promised. */
export const postgresTaskRepository = (database: Database): TaskRepository => ({
  add: addTask(database),
  find: findTask(database),
  list: listTasks(database),
  change: changeTask(database),
  remove: removeTask(database),
});
