import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';

/** Reads again and again which transactions a session waits for. */
export interface BlockerWatch {
  /** The oldest of those that were seen last, and what to do: sentences for an operator. */
  describe(): string;
  stop(): Promise<void>;
}

interface Blocker {
  /** The process of its session; 0: a transaction of PREPARE TRANSACTION, which has none. */
  readonly pid: number;
  /** Null, like the rest, where the role may not read it. */
  readonly application: string | null;
  readonly kind: string | null;
  readonly ageSeconds: number | null;
}

const pollMs = 50;

/** Watches the session with this process id over a connection of its own. Without one, none can be described. */
export const watchBlockers = async (pid: number, connect: () => Promise<Client>): Promise<BlockerWatch> => {
  const client = await connect().catch(() => null);
  const stopping = new AbortController();
  let oldest: Blocker | undefined;

  const watch = async (): Promise<void> => {
    while (client !== null && !stopping.signal.aborted) {
      const { rows } = await client.query<Blocker>(statement, [pid]);
      oldest = rows[0] ?? oldest;
      await pause(pollMs, undefined, stopping);
    }
  };
  const watching = watch().catch(() => undefined);
  return {
    describe: () => (oldest === undefined ? unknown : describe(oldest)),
    stop: async () => {
      stopping.abort();
      await watching;
      await client?.end().catch(() => undefined);
    },
  };
};

const statement = `
  SELECT pid, application_name AS application, backend_type AS kind,
    extract(epoch FROM clock_timestamp() - xact_start)::float8 AS "ageSeconds"
  FROM unnest(pg_blocking_pids($1)) AS blocking (pid) LEFT JOIN pg_stat_activity USING (pid)
  ORDER BY pid <> 0, xact_start NULLS LAST, pid
  LIMIT 1`;

const unknown =
  'Which ones could not be read: look for old transactions in pg_stat_activity and pg_prepared_xacts, end them, and migrate again.';

const describe = ({ pid, application, kind, ageSeconds }: Blocker): string => {
  if (pid === 0)
    return 'One of them is a prepared transaction, which no session holds: find it in pg_prepared_xacts, end it by ROLLBACK PREPARED or COMMIT PREPARED, and migrate again.';
  const facts = [
    `pid ${pid}`,
    ...(application ? [`application_name ${application}`] : []),
    ...(kind === null || kind === 'client backend' ? [] : [kind]),
    ...(ageSeconds === null ? [] : [`open for ${Math.round(ageSeconds)} s`]),
  ];
  return `The oldest of them: ${facts.join(', ')}. Wait until it ends, or end it (SELECT pg_terminate_backend(${pid})), and migrate again.`;
};
