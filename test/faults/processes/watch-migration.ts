import { setTimeout as pause } from 'node:timers/promises';
import { connect, scalar, type Session } from '../../support/postgres/sql.ts';

/** A migration, how long its two long parts took, and what the table `tasks` took on the disk. */
export interface WatchedMigration {
  readonly names: readonly string[];
  readonly foldSeconds: number;
  readonly indexSeconds: number;
  /** Before and after. */
  readonly tableMegabytes: readonly [number, number];
  readonly indexMegabytes: readonly [number, number];
}

const pollMs = 50;

/** Watches the statements of other sessions while the migration runs; `url` is that of a superuser. */
export const watchMigration = async (
  url: string,
  migrate: () => Promise<readonly string[]>,
): Promise<WatchedMigration> => {
  await using session = await connect(url);
  const [table, indexes] = await sizesOf(session);
  const seen = new Map<string, { readonly from: number; readonly to: number }>();
  const stopping = new AbortController();
  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const to = performance.now();
      for (const row of await session.run(running)) {
        const part = String(row['part']);
        seen.set(part, { from: seen.get(part)?.from ?? to, to });
      }
      await pause(pollMs);
    }
  };
  const [names] = await Promise.all([migrate().finally(() => stopping.abort()), watch()]);
  const secondsOf = (part: string): number => {
    const { from, to } = seen.get(part) ?? { from: 0, to: 0 };
    return (to - from) / 1_000;
  };
  const [tableAfter, indexesAfter] = await sizesOf(session);
  return {
    names,
    foldSeconds: secondsOf('fold'),
    indexSeconds: secondsOf('index'),
    tableMegabytes: [table, tableAfter],
    indexMegabytes: [indexes, indexesAfter],
  };
};

const running = `
  SELECT CASE WHEN query LIKE '%CREATE INDEX CONCURRENTLY%' THEN 'index' ELSE 'fold' END AS part
  FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'
    AND (query LIKE '%CREATE INDEX CONCURRENTLY%' OR query LIKE '%text_revision IS NULL%')`;

const sizesOf = async (session: Session): Promise<readonly [table: number, indexes: number]> => {
  const megabytes = async (size: string) =>
    Math.round(Number(await scalar(session, `select ${size}('tasks')`)) / 1_000_000);
  return [await megabytes('pg_table_size'), await megabytes('pg_indexes_size')];
};
