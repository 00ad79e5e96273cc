import type { Observer } from '../../../../application/ports/observer.ts';
import type { Trash } from '../../../../application/ports/trash.ts';
import type { Database } from '../../client/database.ts';
import { listTrash } from './list-trash.ts';
import { purgeAllTasks, purgeTask } from './purge-tasks.ts';
import { restoreTask } from './restore-task.ts';

/** The trash in PostgreSQL; see {@link Trash} for what is promised. */
export const postgresTrash = (database: Database, observe: Observer): Trash => ({
  list: listTrash(database),
  restore: restoreTask(database),
  purge: purgeTask(database, observe),
  purgeAll: purgeAllTasks(database, observe),
});
