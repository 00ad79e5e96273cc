import type { Observer } from './application/ports/observer.ts';
import type { TaskRepository } from './application/ports/task-repository.ts';
import type { Config } from './config.ts';
import { sharedCachedTaskRepository } from './infrastructure/cache/shared-task-repository.ts';
import { cachedTaskRepository } from './infrastructure/cache/task-repository.ts';
import type { Database } from './infrastructure/postgres/database.ts';
import { ownerRevisions } from './infrastructure/postgres/owner-revisions.ts';
import { postgresTaskRepository } from './infrastructure/postgres/task-repository.ts';

/**
 * Tasks in PostgreSQL, behind a cache that checks with the database what it keeps. Only the one instance of a production
 * need not: REDIS_URL says that there are several, and in development two services may share a database unsaid.
 */
export const cachedTasks = (settings: Config, database: Database, observe: Observer): TaskRepository => {
  const tasks = postgresTaskRepository(database);
  if (settings.CACHE_MAX_OWNERS === 0 || settings.CACHE_TTL_SECONDS === 0) return tasks;
  const options = {
    maxOwners: settings.CACHE_MAX_OWNERS,
    ttlMilliseconds: settings.CACHE_TTL_SECONDS * 1000,
    doubtMilliseconds: settings.DATABASE_STATEMENT_TIMEOUT_MS + 5_000,
  };
  return settings.REDIS_URL === undefined && settings.NODE_ENV === 'production'
    ? cachedTaskRepository(tasks, options, observe)
    : sharedCachedTaskRepository(tasks, ownerRevisions(database), options, observe);
};
