import type { Observation } from '../../../src/application/ports/observer.ts';
import type { TaskRepository } from '../../../src/application/ports/task-repository.ts';
import type { ErrorCode } from '../../../src/domain/errors.ts';
import type { User } from '../../../src/domain/user.ts';
import type { TaskId } from '../../../src/domain/task.ts';
import type { Database, DatabaseOptions } from '../../../src/infrastructure/postgres/client/database.ts';
import { postgresTaskRepository } from '../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { openDatabase } from './postgres-repository.ts';
import { freshDatabase } from './postgres.ts';
import { aKeyedRequest, aQuery, aTask, instant } from '../tasks/tasks.ts';
import { startTcpProxy, type TcpProxy } from '../processes/tcp-proxy.ts';

/** A repository whose connection to the database a test can cut. */
export interface ProxiedRepository extends AsyncDisposable {
  readonly tasks: TaskRepository;
  readonly database: Database;
  readonly proxy: TcpProxy;
  /** The URL of the database, without the proxy. */
  readonly url: string;
  readonly observations: readonly Observation[];
}

export const proxiedRepository = async (options: Partial<DatabaseOptions>): Promise<ProxiedRepository> => {
  await using undo = new AsyncDisposableStack();
  const { url, drop } = await freshDatabase();
  undo.defer(drop);
  const proxy = undo.use(await startTcpProxy(url));
  const observations: Observation[] = [];
  const observe = (observation: Observation) => observations.push(observation);
  const database = undo.use(
    openDatabase(proxy.url, { poolMax: 3, statementTimeoutMs: 500, observe, ...options }),
  );
  const tasks = postgresTaskRepository(database);
  const resources = undo.move();
  return {
    tasks,
    database,
    proxy,
    url,
    observations,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

/** Calls each method of the repository concurrently. */
export const callAll = (tasks: TaskRepository, owner: User, id: TaskId): Promise<unknown>[] => [
  tasks.add(owner, aTask()),
  tasks.find(owner.id, id),
  tasks.list(owner.id, aQuery()),
  tasks.change(owner, id, { completed: 'toggle' }, instant(1)),
  tasks.remove(owner, id, instant(1), []),
  tasks.once(aKeyedRequest()).add(owner, aTask()),
  tasks.once(aKeyedRequest()).change(owner, id, { completed: 'toggle' }, instant(1)),
  tasks.once(aKeyedRequest()).remove(owner, id, instant(1), []),
];

/** The codes that a call of {@link callAll} may reject with in an outage: only writes may be `outcome_unknown`. */
export const isOutage = (code: ErrorCode, call: number): boolean =>
  code === 'unavailable' || code === 'overloaded' || (code === 'outcome_unknown' && call !== 1 && call !== 2);

/** Whether a list can be read. */
export const answers = (tasks: TaskRepository, owner: User): Promise<boolean> =>
  tasks.list(owner.id, aQuery()).then(
    () => true,
    () => false,
  );
