import { sql, type QuerySqlToken } from 'slonik';
import type { z } from 'zod';
import type { RequestDeadline } from '../../../application/ports/request-deadline.ts';
import type { HealthCheck } from '../../../application/ports/health-check.ts';
import type { Observer } from '../../../application/ports/observer.ts';
import type { PoolOptions } from './open-pool.ts';
import { createDataLoader, loadAlone, type BatchLimits, type LoadBatch } from '../batching/data-loader.ts';
import { createStatements } from './statements.ts';
import { createBulkhead } from './bulkhead.ts';
import { createQueueLimit } from './queue-limit.ts';

export interface DatabaseOptions extends PoolOptions {
  /** Requests that may wait, for a connection or for a batch; one more is refused at once. */
  readonly queueMax: number;
  /** False: no statement is for several users. */
  readonly batching: boolean;
}

/** A statement with the schema of its rows. */
export type Statement<Row> = QuerySqlToken<z.ZodType<Row>>;

/** Connections, and requests that wait for a connection or for a batch. */
export interface Usage {
  readonly max: number;
  readonly used: number;
  readonly idle: number;
  readonly waiting: number;
}

export interface Database extends HealthCheck, AsyncDisposable {
  /** False: every statement has one user, as a constant, so that a distributed database can route it. */
  readonly isBatching: boolean;
  /**
   * Runs a statement that only reads and returns its rows, parsed by its schema. Rejects with `unavailable` while the
   * database cannot be reached, and with `overloaded` if no connection becomes free in time. `since` is a value of
   * `performance.now`: time that the request has waited elsewhere since then counts as waiting for a connection.
   */
  rows<Row>(statement: Statement<Row>, since?: number): Promise<readonly Row[]>;
  /**
   * The same for a statement that writes. `unavailable` and `overloaded` mean that nothing was done; rejects with
   * `outcome_unknown` if the statement was sent and its result was lost.
   */
  write<Row>(statement: Statement<Row>, since?: number): Promise<readonly Row[]>;
  /**
   * As {@link write}, for a batch, whose `beginWrite` is called just before the statement is sent. Returns null, without
   * sending the statement, if no connection is free.
   */
  writeAtOnce<Row>(statement: Statement<Row>, beginWrite: () => boolean): Promise<readonly Row[]> | null;
  /**
   * Makes a statement from a template; it is prepared under this name where the connection supports that. Null: it is planned
   * for its values, each time.
   */
  statement<Row>(name: string | null, row: z.ZodType<Row>): ReturnType<typeof sql.type<z.ZodType<Row>>>;
  /**
   * Makes a function that loads many keys by one statement; see {@link createDataLoader}. The limits on the number of
   * waiting keys and on their waiting time are shared with waiting for a connection. Without batching, each key is loaded
   * by itself.
   */
  dataLoader<Key, Value>(load: LoadBatch<Key, Value>, limits: BatchLimits): (key: Key) => Promise<Value>;
  /**
   * Calls the listener when a connection, in use or idle, breaks or cannot be opened, and when an unmet requirement is found.
   * After a failover the new server can lack the last writes; row-level security can have hidden rows.
   */
  onConnectionLost(listener: () => void): void;
  usage(): Usage;
}

/** How long a request waits for a connection before it rejects with `overloaded`, in milliseconds. */
const maxWaitMilliseconds = 900;

/** Opens the pool on first use, so that the service can start before its database. */
export const createDatabase = (
  options: DatabaseOptions,
  observe: Observer,
  deadline?: RequestDeadline,
): Database => {
  // One limit for the queues before the pool and before each data loader.
  const queueLimit = createQueueLimit(options.queueMax);
  const bulkhead = createBulkhead({ permits: options.poolMax, queueLimit, maxWaitMilliseconds });
  const lostListeners: (() => void)[] = [];
  const connectionLost = (): void => {
    for (const listener of lostListeners) listener();
  };
  const statements = createStatements(options, observe, connectionLost);

  const usage = (): Usage => {
    const { acquiredConnections: used, idleConnections: idle } = statements.connections();
    return { max: options.poolMax, used, idle, waiting: queueLimit.waiting() };
  };

  const checked = async <Row>(
    statement: Statement<Row>,
    beginWrite?: () => boolean,
  ): Promise<readonly Row[]> => {
    const found = await statements.send(statement, timeoutOf(options), beginWrite);
    return found.map((row) => statement.parser.parse(row));
  };

  return {
    isBatching: options.batching,
    rows: (statement, since) => bulkhead.run(() => checked(statement), deadline?.current(), since),
    write: (statement, since) => {
      const work = deadline?.current();
      return bulkhead.run(() => checked(statement, () => work?.beginWrite() ?? true), work, since);
    },
    writeAtOnce: (statement, beginWrite) => bulkhead.runIfFree(() => checked(statement, beginWrite)),
    statement: (name, row) =>
      name !== null && options.preparedStatements ? sql.prepared(name, row) : sql.type(row),
    dataLoader: (load, limits) => {
      if (!options.batching) return loadAlone(load);
      const current = deadline && { current: () => deadline.current() };
      return createDataLoader(load, { ...limits, queueLimit, maxWaitMilliseconds, ...current });
    },
    onConnectionLost: (listener) => void lostListeners.push(listener),
    usage,
    // Bypasses the bulkhead: a queue there does not mean that the database is unavailable.
    isReady: () => statements.isReady(),
    problem: () => statements.problem(),
    [Symbol.asyncDispose]: () => statements[Symbol.asyncDispose](),
  };
};

/** 500 ms longer than the timeout of the server, whose error means that the statement has certainly ended. */
const timeoutOf = ({ statementTimeoutMs }: DatabaseOptions): number => statementTimeoutMs + 500;
