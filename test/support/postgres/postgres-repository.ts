import type { TaskRepository } from '../../../src/application/ports/task-repository.ts';
import type { RequestDeadline } from '../../../src/application/ports/request-deadline.ts';
import type { Observer } from '../../../src/application/ports/observer.ts';
import {
  createDatabase,
  type Database,
  type DatabaseOptions,
} from '../../../src/infrastructure/postgres/client/database.ts';
import { postgresTaskRepository } from '../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { freshDatabase, type TestDatabase } from './postgres.ts';
import { routeTo } from './route.ts';

/** A repository on a database that only this test uses. */
export interface PostgresRepository {
  readonly tasks: TaskRepository;
  readonly database: Database;
  readonly url: string;
  close(): Promise<void>;
}

type Options = Partial<DatabaseOptions & { readonly observe: Observer; readonly deadline: RequestDeadline }>;

interface RouteOptions {
  /** Bypasses the pooler, for tests that check the connections. */
  readonly direct?: boolean;
  /** Unset: a database as the server makes it. */
  readonly newDatabase?: () => Promise<TestDatabase>;
}

export const postgresRepository = async (
  options: Options = {},
  { direct = false, newDatabase = freshDatabase }: RouteOptions = {},
): Promise<PostgresRepository> => {
  const { url, drop } = await newDatabase();
  const route = direct ? { url, preparedStatements: true } : await routeTo(url);
  const database = openDatabase(route.url, { preparedStatements: route.preparedStatements, ...options });
  return {
    tasks: postgresTaskRepository(database),
    database,
    url,
    close: async () => {
      await database[Symbol.asyncDispose]();
      await drop();
    },
  };
};

/** A database with settings as in the service; `options` override them. */
export const openDatabase = (url: string, { observe, deadline, ...options }: Options = {}): Database =>
  createDatabase(
    { url, poolMax: 10, queueMax: 200, statementTimeoutMs: 5000, preparedStatements: true, ...options },
    observe ?? (() => undefined),
    deadline,
  );
