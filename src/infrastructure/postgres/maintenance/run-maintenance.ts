import { setTimeout as pause } from 'node:timers/promises';
import type { Observer, PurgeReason } from '../../../application/ports/observer.ts';
import { TaskholdError } from '../../../domain/errors.ts';
import type { Database } from '../client/database.ts';
import type { Run } from '../requirements/facts.ts';
import { expireTombstones, expireTrash } from './expire-rows.ts';
import { deleteExpiredKeys } from './delete-expired-keys.ts';
import { foldRows } from './fold-rows.ts';
import { indexLargeLists, minIndexedTasks } from './index-large-lists.ts';
import { requireListIndexes } from './list-indexes.ts';

/** Milliseconds between two turns. Half of it to one and a half, so that instances do not keep in step. */
const defaultPauseMs = 30_000;

/** To fold the longest texts takes this process some milliseconds, in which it answers no request. */
const batchSize = 50;

interface MaintenanceOptions {
  /** How long a deleted task can be restored. */
  readonly trashDays: number;
  /** How long a task that was deleted for good is remembered. */
  readonly tombstoneDays: number;
  readonly pauseMs?: number;
}

/**
 * Folds the text that older versions of the service write, indexes the lists that have become large, looks for missing
 * indexes, and deletes for good what has expired; again and again, from half a pause after the start on. All instances may
 * do so at once. Disposing waits for the statement that is running.
 */
export const runMaintenance = (
  database: Pick<Database, 'write'>,
  observe: Observer,
  { trashDays, tombstoneDays, pauseMs = defaultPauseMs }: MaintenanceOptions,
): AsyncDisposable => {
  const stopping = new AbortController();
  const { signal } = stopping;

  const run: Run = (statement) => {
    signal.throwIfAborted();
    return database.write(statement);
  };

  /** A failure of one work does not keep the others from their turns. */
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      // What the domain names is observed by the database already.
      if (!signal.aborted && !(error instanceof TaskholdError))
        observe({ type: 'maintenance_failed', error });
    }
  };

  const purge = (reason: PurgeReason, work: () => Promise<number>): Promise<void> =>
    attempt(async () => {
      const count = await work();
      if (count > 0) observe({ type: 'rows_purged', reason, count });
    });

  const takeTurns = async (): Promise<void> => {
    let next = '';
    while (await isNextTurn(pauseMs * (0.5 + Math.random()), signal)) {
      await attempt(() => deleteExpiredKeys(run));
      await attempt(() => foldRows(run, batchSize));
      await attempt(async () => {
        next = await indexLargeLists(run, minIndexedTasks, next);
      });
      await attempt(() => requireListIndexes(run));
      await purge('trash_expired', () => expireTrash(run, trashDays));
      await purge('tombstone_expired', () => expireTombstones(run, tombstoneDays));
    }
  };
  const turns = takeTurns();

  return {
    [Symbol.asyncDispose]: () => {
      stopping.abort();
      return turns;
    },
  };
};

/** Waits; false where it was stopped. */
const isNextTurn = (milliseconds: number, signal: AbortSignal): Promise<boolean> =>
  pause(milliseconds, true, { signal, ref: false }).catch(() => false);
