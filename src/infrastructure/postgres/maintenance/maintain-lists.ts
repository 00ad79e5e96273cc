import { setTimeout as pause } from 'node:timers/promises';
import type { Observer } from '../../../application/ports/observer.ts';
import { TaskholdError } from '../../../domain/errors.ts';
import type { Database } from '../client/database.ts';
import type { Run } from '../requirements/facts.ts';
import { foldRows } from './fold-rows.ts';
import { indexLargeLists, minIndexedTasks } from './index-large-lists.ts';

/** Milliseconds between two turns. Half of it to one and a half, so that instances do not keep in step. */
const defaultPauseMs = 30_000;

/** To fold the longest texts takes this process some milliseconds, in which it answers no request. */
const batchSize = 50;

/**
 * Folds the text that older versions of the service write, and indexes the lists that have become large; again and again,
 * from half a pause after the start on. All instances may do so at once. Disposing waits for the statement that is running.
 */
export const maintainLists = (
  database: Pick<Database, 'write'>,
  observe: Observer,
  pauseMs = defaultPauseMs,
): AsyncDisposable => {
  const stopping = new AbortController();
  const { signal } = stopping;

  const run: Run = (statement) => {
    signal.throwIfAborted();
    return database.write(statement);
  };

  /** A failure of one work does not keep the other from its turn. */
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      // What the domain names is observed by the database already.
      if (!signal.aborted && !(error instanceof TaskholdError))
        observe({ type: 'maintenance_failed', error });
    }
  };

  const takeTurns = async (): Promise<void> => {
    let next = '';
    while (await isNextTurn(pauseMs * (0.5 + Math.random()), signal)) {
      await attempt(() => foldRows(run, batchSize));
      await attempt(async () => {
        next = await indexLargeLists(run, minIndexedTasks, next);
      });
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
