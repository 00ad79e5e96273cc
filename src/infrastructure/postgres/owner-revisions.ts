import { AsyncLocalStorage } from 'node:async_hooks';
import { sql } from 'slonik';
import { z } from 'zod';
import type { UserId } from '../../domain/owner.ts';
import type { Revision } from '../../domain/task.ts';
import type { Database } from './database.ts';
import { revision } from './task-row.ts';

const counted = z.object({ id: z.string(), revision });

/** Everybody who asked in one turn of the event loop, or while earlier questions were on their way. */
type Batch = Map<UserId, PromiseWithResolvers<Revision>>;

/** Two: while one is on its way, the next is being answered. More would only be smaller. */
const maxOnTheirWay = 2;

/**
 * Tells an owner's counter, 0 before the first write, as it is at a moment after the call. Those who ask at about the
 * same time are answered by one statement, so that under load an answer costs a fraction of a round trip.
 */
export const ownerRevisions = (database: Database): ((owner: UserId) => Promise<Revision>) => {
  // A batch belongs to none of those who asked: the deadline of one of them must not be that of the others.
  const apart = AsyncLocalStorage.snapshot();
  let batch: Batch = new Map();
  let onTheirWay = 0;
  let scheduled = false;

  const read = async (owners: readonly UserId[]): Promise<ReadonlyMap<string, Revision>> => {
    const rows = await database.rows(database.statement('owner-revisions', counted)`
      SELECT id, revision FROM owners WHERE id = ANY (${sql.array(owners, 'text')})`);
    return new Map(rows.map((row) => [row.id, row.revision]));
  };

  const answer = async (asked: Batch): Promise<void> => {
    try {
      const found = await read([...asked.keys()]);
      for (const [owner, { resolve }] of asked) resolve(found.get(owner) ?? none);
    } catch (error) {
      for (const { reject } of asked.values()) reject(error);
    }
  };

  const schedule = (): void => {
    if (scheduled || onTheirWay >= maxOnTheirWay || batch.size === 0) return;
    scheduled = true;
    apart(setImmediate, () => {
      scheduled = false;
      onTheirWay += 1;
      const asked = batch;
      batch = new Map();
      void answer(asked).then(() => {
        onTheirWay -= 1;
        schedule();
      });
    });
  };

  return (owner) => {
    let asked = batch.get(owner);
    if (asked === undefined) {
      asked = Promise.withResolvers();
      batch.set(owner, asked);
      schedule();
    }
    return asked.promise;
  };
};

const none = revision.parse(0);
