import { sql } from 'slonik';
import { batched } from '../../src/infrastructure/postgres/batch.ts';
import type { Database } from '../../src/infrastructure/postgres/database.ts';

/** A database without a server, with nothing in it and never a connection free, unless it is said otherwise. */
export const stubDatabase = (overrides: Partial<Database>): Database => ({
  rows: () => Promise.resolve([]),
  write: () => Promise.resolve([]),
  writeAtOnce: () => null,
  statement: (_name, row) => sql.type(row),
  batched: (load, limits) => batched(load, { ...limits, waiting: 0, waitMilliseconds: 1 }).ask,
  onConnectionLost: () => undefined,
  usage: () => ({ max: 0, used: 0, idle: 0, waiting: 0 }),
  isReady: () => Promise.resolve(true),
  [Symbol.asyncDispose]: () => Promise.resolve(),
  ...overrides,
});
