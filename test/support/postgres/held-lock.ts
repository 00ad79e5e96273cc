import { connect, scalar, type Session } from './sql.ts';
import { until } from '../until.ts';

/** A transaction of the test that blocks other sessions. */
export interface HeldLock extends AsyncDisposable {
  /** The session that holds the lock, inside of its transaction. */
  readonly session: Session;
  /** Resolves when exactly `count` sessions wait for a lock in this database. */
  waitedForBy(count: number): Promise<void>;
  /** Ends the waiting connections. */
  terminateWaiting(): Promise<void>;
}

/** Runs a statement that takes a lock, and keeps the transaction open; disposing rolls it back. */
export const holdLock = async (
  url: string,
  statement: string,
  values: readonly unknown[],
): Promise<HeldLock> => {
  await using undo = new AsyncDisposableStack();
  const watcher = undo.use(await connect(url));
  const session = undo.use(await connect(url));
  await session.run('begin');
  await session.run(statement, values);
  const resources = undo.move();
  const waiting = `from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  return {
    session,
    waitedForBy: (count) =>
      until(
        `${count} sessions wait for a lock`,
        async () => (await scalar(watcher, `select count(*)::int ${waiting}`)) === count,
      ),
    terminateWaiting: async () => {
      await watcher.run(`select pg_terminate_backend(pid) ${waiting}`);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

/** Locks the owner's row, as a writer of the same owner does. */
export const holdOwner = (url: string, owner: { readonly id: string }): Promise<HeldLock> =>
  holdLock(url, 'update owners set revision = revision where id = $1', [owner.id]);
