import type { TaskRepository } from '../../../application/ports/task-repository.ts';
import type { Task } from '../../../domain/task.ts';
import { refuseUnstorable } from '../../../domain/text.ts';
import { batchedWrite } from '../batching/batched-write.ts';
import type { Database } from '../client/database.ts';
import { deletion } from '../tasks/delete-task.ts';
import { insertion, insertions, toInsertedTask, type Insert, type Inserted } from '../tasks/insert-task.ts';
import {
  modification,
  modifications,
  toChangedTask,
  type Update,
  type Updated,
} from '../tasks/update-task.ts';
import { restoration } from '../tasks/trash/restore-task.ts';
import { createKeyQueue } from './key-queue.ts';
import type { Keyed } from './keyed-batch.ts';
import { writeAlone, type KeyedResult } from './write-alone.ts';
import { writeAgain } from './write-again.ts';

/** How long a request waits for an earlier one with the same key, in milliseconds. */
const maxWaitMilliseconds = 1_000;

/** Writes under keys; see `KeyedWrites` for what is promised. Creations and changes go in batches, as those without keys do. */
export const keyedWrites = (
  database: Database,
  options: { readonly hasTrash: boolean },
): TaskRepository['once'] => {
  const inTurn = createKeyQueue(maxWaitMilliseconds);

  const addAlone = (insert: Insert & Keyed, since?: number) =>
    writeAlone(database, insert, insertion(insert), since);
  const addInBatch = batchedWrite<Insert & Keyed, Inserted, KeyedResult>(database, {
    single: addAlone,
    batch: (inserts) => insertions(database, inserts),
    resultOf: (row, insert) => done(toInsertedTask(row, insert)),
  });

  const changeAlone = (update: Update & Keyed, since?: number) =>
    writeAlone(database, update, modification(update), since);
  const changeInBatch = batchedWrite<Update & Keyed, Updated, KeyedResult>(database, {
    single: changeAlone,
    batch: (updates) => modifications(database, updates),
    resultOf: (row, update) => done(toChangedTask(row, update)),
  });

  const inTurnOf = <Command extends Keyed>(
    command: Command,
    write: (command: Command) => Promise<KeyedResult>,
    alone: (command: Command) => Promise<KeyedResult>,
  ): Promise<KeyedResult> =>
    inTurn(queueOf(command), () =>
      writeAgain(
        () => write(command),
        () => alone(command),
      ),
    );

  return (request) => ({
    add: async (owner, task) => {
      refuseUnstorable(Object.values(task));
      const result = await inTurnOf(
        { owner: { ...owner }, request, task: { ...task } },
        addInBatch,
        addAlone,
      );
      if (result.outcome !== 'done' || result.task === null) throw new Error('An insert returned no task');
      return { task: result.task, ...result.replay };
    },
    change: async (owner, id, change, at, expected) => {
      refuseUnstorable(Object.values(change));
      const update = { owner: { ...owner }, request, id, change: { ...change }, at, expected };
      const result = await inTurnOf(
        update,
        expected === undefined ? changeInBatch : changeAlone,
        changeAlone,
      );
      if (result.outcome === 'mismatch') return mismatch(result);
      if (result.outcome === 'missing') return result;
      if (result.task === null) throw new Error('An update returned no task');
      return { outcome: 'changed', task: result.task, ...result.replay };
    },
    remove: async (owner, id, _at, expected) => {
      const write = deletion({ owner, id, expected }, options);
      const removeAlone = (keyed: Keyed) => writeAlone(database, keyed, write);
      const result = await inTurnOf({ owner, request }, removeAlone, removeAlone);
      if (result.outcome === 'mismatch') return mismatch(result);
      return result.outcome === 'done' ? { outcome: 'removed', ...result.replay } : result;
    },
    restore: async (owner, id, at, expected) => {
      const write = restoration({ owner, id, at, expected });
      const restoreAlone = (keyed: Keyed) => writeAlone(database, keyed, write);
      const result = await inTurnOf({ owner, request }, restoreAlone, restoreAlone);
      if (result.outcome === 'missing') return result;
      if (result.outcome === 'mismatch') {
        const { current, deletedAt } = result;
        if (deletedAt === null) throw new Error('A task in the trash has no time of deletion');
        return { outcome: 'mismatch', current: { ...current, deletedAt } };
      }
      if (result.task === null) throw new Error('A restoration returned no task');
      return { outcome: 'restored', task: result.task, ...result.replay };
    },
  });
};

const mismatch = ({ current }: Extract<KeyedResult, { outcome: 'mismatch' }>) => ({
  outcome: 'mismatch' as const,
  current,
});

const done = (task: Task): KeyedResult => ({ outcome: 'done', task, replay: {} });

/** A key has no spaces. */
const queueOf = ({ owner, request }: Keyed): string => `${request.key} ${owner.id}`;
