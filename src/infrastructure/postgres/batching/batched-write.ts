import { TaskholdError } from '../../../domain/errors.ts';
import type { User } from '../../../domain/user.ts';
import { isRejectedValue } from '../client/connection-failure.ts';
import type { Database, Statement } from '../client/database.ts';

/** A kind of write that can be carried out alone, and for several users in one statement. */
export interface BatchableWrite<Command, Row, Result> {
  /**
   * Waits for other writers of the same user, and returns every kind of result. `since` is when the write was called, as a
   * value of `performance.now`: the time since then counts as waiting for a connection.
   */
  readonly single: (command: Command, since: number) => Promise<Result>;
  /**
   * For writes of different users. The statement waits for no lock: it leaves out writes that it cannot carry out at once.
   * It returns a row for each write that it has carried out.
   */
  readonly batch: (commands: readonly Command[]) => Statement<Row>;
  readonly resultOf: (row: Row, command: Command) => Result;
}

/** While two batches run, the next one fills. More batches would be smaller and would wait for the same disk. */
const limits = { maxBatchSize: 16, maxConcurrentBatches: 2 };

/** A single write costs less outside of a batch. While this many run, further writes go into a batch. */
const maxSingleWrites = 2;

/**
 * Sends writes of several users that come at about the same time in one statement: they share a round trip and a flush to
 * the disk. A write that is left out goes alone: its user is new, is being written to, or has two writes in the batch.
 * Without batching, all go alone.
 */
export const batchedWrite = <
  Command extends { readonly owner: User },
  Row extends { readonly owner_id: string },
  Result,
>(
  database: Database,
  { single, batch, resultOf }: BatchableWrite<Command, Row, Result>,
): ((command: Command) => Promise<Result>) => {
  if (!database.isBatching) return (command) => single(command, performance.now());
  let singleWrites = 0;

  const writeInBatch = database.dataLoader<Command, Result | null>(async (commands, { beginWrite }) => {
    if (commands.length === 1 && singleWrites < maxSingleWrites) return leaveOut;
    const firstOfUser = new Map<string, Command>(
      commands.toReversed().map((command) => [command.owner.id, command]),
    );
    const rows = await database
      .writeAtOnce(batch([...firstOfUser.values()]), beginWrite)
      ?.catch(noneIfNotDone);
    const rowOf = new Map(rows?.map((row) => [firstOfUser.get(row.owner_id), row]));
    return (command) => {
      const row = rowOf.get(command);
      return row === undefined ? null : resultOf(row, command);
    };
  }, limits);

  return async (command) => {
    const since = performance.now();
    const result = await writeInBatch(command);
    if (result !== null) return result;
    singleWrites += 1;
    try {
      return await single(command, since);
    } finally {
      singleWrites -= 1;
    }
  };
};

const leaveOut = () => null;

/**
 * Each write goes alone where the value of one made PostgreSQL roll back the batch, and where the batch was not sent
 * because the time limit of one had passed. Any other error is one of the statement or of the connection, and thrown.
 */
const noneIfNotDone = (error: unknown): readonly never[] => {
  const isNotSent = error instanceof TaskholdError && error.code === 'overloaded';
  if (isNotSent || isRejectedValue(error)) return [];
  throw error;
};
