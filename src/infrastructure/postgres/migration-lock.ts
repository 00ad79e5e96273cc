import { setTimeout as pause } from 'node:timers/promises';
import { PG_MIGRATE_LOCK_ID } from 'node-pg-migrate';
import { DatabaseError, type Client } from 'pg';
import { watchBlockers, type BlockerWatch } from './blocking-transactions.ts';
import { MigrationBlockedError } from './migration-blocked-error.ts';

/** How migrations wait for the locks of tables, in milliseconds. */
export interface LockLimits {
  /** The longest that one attempt waits for a lock. Every other statement on that table waits behind it. */
  readonly lockTimeoutMs: number;
  /** The pause after the first attempt; it grows by half with each one. */
  readonly minPauseMs: number;
  readonly maxPauseMs: number;
  /** No attempt begins later than this after the first one. */
  readonly giveUpAfterMs: number;
}

export const defaultLockLimits: LockLimits = {
  lockTimeoutMs: 300,
  minPauseMs: 1_000,
  maxPauseMs: 5_000,
  giveUpAfterMs: 60_000,
};

/**
 * Runs the work while this session has the advisory lock of node-pg-migrate, and waits for it without a limit: another
 * instance may migrate for hours. The session keeps it between attempts, so that only one instance makes attempts.
 */
export const withMigrationLock = async <Result>(
  client: Client,
  work: () => Promise<Result>,
): Promise<Result> => {
  // The session is idle between attempts.
  await client.query('SET idle_session_timeout = 0');
  try {
    while (!(await tryLock(client))) await pause(250);
    return await work();
  } finally {
    // On a broken connection the lock is gone already.
    await client
      .query(`RESET idle_session_timeout; SELECT pg_advisory_unlock(${PG_MIGRATE_LOCK_ID})`)
      .catch(() => undefined);
  }
};

/** To wait within a statement would keep a snapshot, for which another instance that builds an index would wait. */
const tryLock = async (client: Client): Promise<boolean> => {
  const { rows } = await client.query<{ is_locked: boolean }>(
    `SELECT pg_try_advisory_lock(${PG_MIGRATE_LOCK_ID}) AS is_locked`,
  );
  return rows[0]?.is_locked === true;
};

/**
 * Runs the work in a transaction, and again while another transaction holds a lock that it needs. Throws
 * {@link MigrationBlockedError} at the end of the limits.
 */
export const retryWhileLocked = async <Result>(
  client: Client,
  limits: LockLimits,
  connectWatcher: () => Promise<Client>,
  work: () => Promise<Result>,
): Promise<Result> => {
  const end = performance.now() + limits.giveUpAfterMs;
  let watch: BlockerWatch | null = null;
  try {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await inTransaction(client, limits.lockTimeoutMs, async () => {
          await client.query(cancelAutovacuum, [limits.lockTimeoutMs / 3]);
          return work();
        });
      } catch (error) {
        const leftMs = end - performance.now();
        if (!isLockTimeout(error)) throw error;
        if (leftMs <= 0) throw new MigrationBlockedError(messageOf(limits, watch), { cause: error });
        watch ??= await watchBlockers(await processIdOf(client), connectWatcher);
        await pause(Math.min(pauseAfter(attempt, limits), leftMs));
      }
    }
  } finally {
    await watch?.stop();
  }
};

/**
 * Runs the work without a statement timeout: that of the role may be for short statements. `lockTimeoutMs` 0: no limit. The
 * settings are those of the transaction, because the connection can be one of a pooler. The work may end the transaction.
 */
export const inTransaction = async <Result>(
  client: Client,
  lockTimeoutMs: number,
  work: () => Promise<Result>,
): Promise<Result> => {
  // The other levels would not see what an instance that had the lock before has done.
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
  try {
    await client.query(`SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = ${lockTimeoutMs}`);
    const result = await work();
    if (client.getTransactionStatus() !== 'I') await client.query('COMMIT');
    return result;
  } catch (error) {
    if (client.getTransactionStatus() !== 'I') await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
};

/**
 * A session cancels an autovacuum that it waits for after `deadlock_timeout`. That is 1 s, and so longer than an attempt.
 * Only superusers and roles with a grant may shorten it; else a long autovacuum has to end first.
 */
const cancelAutovacuum = `
  SELECT set_config('deadlock_timeout', ceil($1::float8) || 'ms', true)
  WHERE has_parameter_privilege('deadlock_timeout', 'SET')`;

const processIdOf = async (client: Client): Promise<number> => {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
};

/** 55P03, lock_not_available: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const isLockTimeout = (error: unknown): boolean => error instanceof DatabaseError && error.code === '55P03';

/** With jitter, so that attempts do not keep in step with a job that runs periodically. */
const pauseAfter = (attempt: number, { minPauseMs, maxPauseMs }: LockLimits): number =>
  Math.min(minPauseMs * 1.5 ** attempt, maxPauseMs) * (0.75 + Math.random() / 2);

const messageOf = ({ giveUpAfterMs }: LockLimits, watch: BlockerWatch | null): string =>
  `For ${giveUpAfterMs / 1000} s other transactions have held a lock that the migrations need. The pending migrations were not run. ${watch?.describe() ?? ''}`;
