import { sql } from 'slonik';
import { createQueueLimit } from '../../../src/infrastructure/postgres/client/queue-limit.ts';
import { createDataLoader } from '../../../src/infrastructure/postgres/batching/data-loader.ts';
import type { Database } from '../../../src/infrastructure/postgres/client/database.ts';

/** A database without a server: no rows, and no free connection. `overrides` replace methods. */
export const stubDatabase = (overrides: Partial<Database>): Database => ({
  isBatching: true,
  rows: () => Promise.resolve([]),
  write: () => Promise.resolve([]),
  writeAtOnce: () => null,
  statement: (_name, row) => sql.type(row),
  dataLoader: (load, limits) =>
    createDataLoader(load, { ...limits, queueLimit: createQueueLimit(0), maxWaitMilliseconds: 1 }),
  onConnectionLost: () => undefined,
  usage: () => ({ max: 0, used: 0, idle: 0, waiting: 0 }),
  isReady: () => Promise.resolve(true),
  problem: () => null,
  [Symbol.asyncDispose]: () => Promise.resolve(),
  ...overrides,
});
