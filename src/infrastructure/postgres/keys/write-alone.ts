import { keyReused } from '../../../domain/errors.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Task } from '../../../domain/task.ts';
import type { User } from '../../../domain/user.ts';
import { isSpentKey } from '../client/connection-failure.ts';
import type { Database, Statement } from '../client/database.ts';
import { toTask } from '../tasks/columns.ts';
import { retryLostRace } from '../users/revision-counter.ts';
import type { Keyed } from './keyed-batch.ts';
import { deleteExpiredKey, keyedStatement, type KeyedRow, type KeyedWrite } from './keyed-statement.ts';

/** The task that was written, null where none is left, or why nothing was written. */
export type KeyedResult =
  | {
      readonly outcome: 'done';
      readonly task: Task | null;
      readonly replay: { readonly isReplay?: true };
    }
  | { readonly outcome: 'missing' }
  | {
      readonly outcome: 'mismatch';
      readonly current: Task;
      /** When a task in the trash was deleted. */
      readonly deletedAt: Instant | null;
    };

/** Sends the write in a statement of its own until it has a result. Rejects with `idempotency_key_reused`. */
export const writeAlone = (
  database: Database,
  { owner, request }: Keyed,
  write: KeyedWrite,
  since?: number,
): Promise<KeyedResult> => {
  const statement = keyedStatement(database, owner.id, request, write);
  let waitingSince = since;
  return retryLostRace(async () => {
    const rows = await send(database, statement, waitingSince);
    waitingSince = undefined; // a second attempt may wait as long as the first
    if (rows === null) return null;
    const [row] = rows;
    if (row?.source !== 'expired') return toResult(owner, row);
    await database.write(deleteExpiredKey(database, owner.id, request));
    return null;
  });
};

/** Null where another statement has spent the key at the same time. */
const send = async <Row>(
  database: Database,
  statement: Statement<Row>,
  since: number | undefined,
): Promise<readonly Row[] | null> => {
  try {
    return await database.write(statement, since);
  } catch (error) {
    if (isSpentKey(error)) return null;
    throw error;
  }
};

/** Null for a lost race. */
const toResult = (owner: User, row: KeyedRow | undefined): KeyedResult | null => {
  if (row === undefined) return { outcome: 'missing' };
  const task = row.id === null ? null : toTask(owner.id, row);
  switch (row.source) {
    case 'written':
      return { outcome: 'done', task, replay: {} };
    case 'replayed':
      return { outcome: 'done', task, replay: { isReplay: true } };
    case 'found':
      return row.tried
        ? null
        : { outcome: 'mismatch', current: toTask(owner.id, row), deletedAt: row.deletedAt };
    case 'reused':
    case 'expired':
      throw keyReused();
  }
};
