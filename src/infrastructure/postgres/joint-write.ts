import { TaskholdError } from '../../domain/errors.ts';
import type { Owner } from '../../domain/owner.ts';
import type { Database, Statement } from './database.ts';
import { isRejectedValue } from './failure.ts';

/** One kind of write: by itself, and for several owners in one statement. */
export interface Write<Asked, Row, Result> {
  /**
   * Waits for whoever else writes for the same owner, and answers whatever there is to find. It was asked for at that
   * moment of `performance.now`, so that it does not wait as long once more.
   */
  readonly alone: (asked: Asked, since: number) => Promise<Result>;
  /**
   * For writes of different owners. It waits for nobody's locks: whom it cannot serve at once, or not at all, it leaves
   * out. It returns a row for each that it has done.
   */
  readonly together: (asked: readonly Asked[]) => Statement<Row>;
  readonly resultOf: (row: Row, asked: Asked) => Result;
}

/** While two are on their way, the next are gathered. More would only be smaller, and wait for the same disk. */
const limits = { size: 16, onTheirWay: 2 };

/** So many go alone at a time where there is nobody to go with, which costs less; the next ones are gathered. */
const mostAlone = 2;

/**
 * Sends writes that are asked for at about the same time to PostgreSQL together, so that they share a round trip and a
 * flush to the disk. Whoever is left out goes alone: the owner is new, is being written to, or has asked twice.
 */
export const jointWrite = <
  Asked extends { readonly owner: Owner },
  Row extends { readonly owner_id: string },
  Result,
>(
  database: Database,
  { alone, together, resultOf }: Write<Asked, Row, Result>,
): ((asked: Asked) => Promise<Result>) => {
  let goingAlone = 0;

  const write = database.batched<Asked, Result | null>(async (all, { beginWrite }) => {
    if (all.length === 1 && goingAlone < mostAlone) return leaveOut;
    const asked = new Map<string, Asked>(all.toReversed().map((one) => [one.owner.id, one]));
    const rows = await database.writeAtOnce(together([...asked.values()]), beginWrite)?.catch(noneIfNotDone);
    const done = new Map(rows?.map((row) => [asked.get(row.owner_id), row]));
    return (one) => {
      const row = done.get(one);
      return row === undefined ? null : resultOf(row, one);
    };
  }, limits);

  return async (asked) => {
    const since = performance.now();
    const result = await write(asked);
    if (result !== null) return result;
    goingAlone += 1;
    try {
      return await alone(asked, since);
    } finally {
      goingAlone -= 1;
    }
  };
};

const leaveOut = () => null;

/**
 * Each write goes alone where the value of one made PostgreSQL roll back the batch, and where the batch was not sent
 * because the time limit of one had passed.
 */
const noneIfNotDone = (error: unknown): readonly never[] => {
  const isNotSent = error instanceof TaskholdError && error.code === 'overloaded';
  if (isNotSent || isRejectedValue(error)) return [];
  throw error;
};
