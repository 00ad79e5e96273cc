import type { TaskRepository } from '../../../src/application/ports/task-repository.ts';
import type { Trash } from '../../../src/application/ports/trash.ts';
import type { RequestDeadline } from '../../../src/application/ports/request-deadline.ts';
import type { Observer } from '../../../src/application/ports/observer.ts';
import {
  createDatabase,
  type Database,
  type DatabaseOptions,
} from '../../../src/infrastructure/postgres/client/database.ts';
import { postgresTaskRepository } from '../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { postgresTrash } from '../../../src/infrastructure/postgres/tasks/trash/trash.ts';
import { freshDatabase, type TestDatabase } from './postgres.ts';
import { query } from './sql.ts';
import { collectStatements } from './partitioned/collected-statements.ts';
import { directRoute, isPartitioned, routeTo } from './route.ts';

/** A repository on a database that only this test uses. */
export interface PostgresRepository {
  readonly tasks: TaskRepository;
  readonly trash: Trash;
  readonly database: Database;
  readonly url: string;
  /** Lets all keys expire. */
  expireKeys(): Promise<void>;
  close(): Promise<void>;
}

type Options = Partial<DatabaseOptions & { readonly observe: Observer; readonly deadline: RequestDeadline }>;

interface RouteOptions {
  /** Bypasses the pooler, for tests that check the connections. */
  readonly direct?: boolean;
  /** Unset: a database as the server makes it. */
  readonly newDatabase?: () => Promise<TestDatabase>;
  /** Unset: true. */
  readonly hasTrash?: boolean;
}

export const postgresRepository = async (
  options: Options = {},
  { direct = false, newDatabase = freshDatabase, hasTrash = true }: RouteOptions = {},
): Promise<PostgresRepository> => {
  const { url, drop } = await newDatabase();
  const { batching, ...route } = direct ? directRoute(url) : await routeTo(url);
  const database = openDatabase(route.url, {
    batching,
    preparedStatements: route.preparedStatements,
    ...options,
  });
  return {
    tasks: postgresTaskRepository(database, { hasTrash }),
    trash: postgresTrash(database, options.observe ?? (() => undefined)),
    database,
    url,
    expireKeys: () => expireKeys(url),
    close: async () => {
      await database[Symbol.asyncDispose]();
      await drop();
    },
  };
};

/** Lets all keys expire. */
export const expireKeys = async (url: string): Promise<void> => {
  await query(url, `update idempotency_keys set expires_at = now() - interval '1 ms'`);
};

/** A database with settings as in the service; `options` override them. */
export const openDatabase = (url: string, { observe, deadline, ...options }: Options = {}): Database =>
  collectStatements(
    createDatabase(
      {
        url,
        poolMax: 10,
        queueMax: 200,
        statementTimeoutMs: 5000,
        preparedStatements: true,
        batching: !isPartitioned,
        ...options,
      },
      observe ?? (() => undefined),
      deadline,
    ),
  );
