import type { Observer } from '../../application/ports/observer.ts';
import type { TaskRepository } from '../../application/ports/task-repository.ts';
import { cachedTaskRepository } from '../../infrastructure/cache/cached-task-repository.ts';
import type { Database } from '../../infrastructure/postgres/client/database.ts';
import { postgresTaskRepository } from '../../infrastructure/postgres/tasks/task-repository.ts';
import { readListVersions } from '../../infrastructure/postgres/users/read-list-versions.ts';

interface TaskRepositoryOptions {
  /** The number of users whose lists are cached. 0: no cache. */
  readonly cacheMaxUsers: number;
  /** False: deletions are for good. */
  readonly hasTrash: boolean;
}

/**
 * Tasks in PostgreSQL, with a cache of lists, which is cleared when a connection to PostgreSQL is lost, or when PostgreSQL no longer
 * meets the requirements.
 */
export const createTaskRepository = (
  { cacheMaxUsers, hasTrash }: TaskRepositoryOptions,
  database: Database,
  observe: Observer,
): TaskRepository => {
  const tasks = postgresTaskRepository(database, { hasTrash });
  if (cacheMaxUsers === 0) return tasks;
  const cached = cachedTaskRepository(tasks, readListVersions(database), cacheMaxUsers, observe);
  database.onConnectionLost(() => cached.clear());
  return cached;
};
