import { sql, type DatabasePool, type QuerySqlToken } from 'slonik';
import { z } from 'zod';
import type { RequestDeadline } from '../../../application/ports/request-deadline.ts';
import type { HealthCheck } from '../../../application/ports/health-check.ts';
import type { Observer } from '../../../application/ports/observer.ts';
import { overloaded } from '../../../domain/errors.ts';
import { connectMilliseconds, openPool, type PoolOptions } from './open-pool.ts';
import { createDataLoader, type BatchLimits, type LoadBatch } from '../batching/data-loader.ts';
import { withTimeout } from './statement-timeout.ts';
import { classifyError, isRolledBack, unavailable } from './connection-failure.ts';
import { createBulkhead } from './bulkhead.ts';
import { retried } from './retry.ts';

export interface DatabaseOptions extends PoolOptions {
  /** Requests that may wait for a connection; one more is refused at once. */
  readonly queueMax: number;
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
  /** Makes a statement from a template; it is prepared under this name where the connection supports that. */
  statement<Row>(name: string, row: z.ZodType<Row>): ReturnType<typeof sql.type<z.ZodType<Row>>>;
  /**
   * Makes a function that loads many keys by one statement; see {@link createDataLoader}. The limits on the number of
   * waiting keys and on their waiting time are those of waiting for a connection.
   */
  dataLoader<Key, Value>(load: LoadBatch<Key, Value>, limits: BatchLimits): (key: Key) => Promise<Value>;
  /**
   * Calls the listener when a connection, in use or idle, breaks or cannot be opened. After a failover the new server can
   * lack the last writes.
   */
  onConnectionLost(listener: () => void): void;
  usage(): Usage;
}

/** How long a request waits for a connection before it rejects with `overloaded`, in milliseconds. */
const maxWaitMilliseconds = 900;

/** Timeout of a health check, in milliseconds. */
const probeMilliseconds = 900;

/** Opens the pool on first use, so that the service can start before its database. */
export const createDatabase = (
  options: DatabaseOptions,
  observe: Observer,
  deadline?: RequestDeadline,
): Database => {
  const waiting = { maxWaiting: options.queueMax, maxWaitMilliseconds };
  const bulkhead = createBulkhead({ permits: options.poolMax, ...waiting });
  /** The queues in which requests wait: before the pool, and before each data loader. */
  const queues = [bulkhead.waiting];
  const lostListeners: (() => void)[] = [];
  const connectionLost = (): void => {
    for (const listener of lostListeners) listener();
  };
  let opening: Promise<DatabasePool> | null = null;
  let opened: DatabasePool | null = null;

  const open = (): Promise<DatabasePool> => {
    opening ??= withTimeout(2 * connectMilliseconds, openPool(options, connectionLost), (late) =>
      late.end(),
    ).catch((error: unknown) => {
      opening = null;
      observe({ type: 'database_error', error });
      connectionLost();
      throw unavailable(error);
    });
    return opening;
  };

  const usage = (): Usage => {
    const { acquiredConnections: used, idleConnections: idle } = opened?.state() ?? nothingOpen;
    const waiting = queues.reduce((sum, lengthOf) => sum + lengthOf(), 0);
    return { max: options.poolMax, used, idle, waiting };
  };

  /** `beginWrite` is required for a write. It is called once a connection is open: after that the write cannot be stopped. */
  const send = async <Row>(
    statement: Statement<Row>,
    milliseconds: number,
    beginWrite?: () => boolean,
  ): Promise<readonly Row[]> => {
    const progress = { isConnected: false, isWriteSent: false };
    try {
      const pool = (opened = await open());
      // Slonik closes the connection if this callback throws. That is required after a timeout.
      const rows = await pool.connect((connection) => {
        progress.isConnected = true;
        if (beginWrite?.() === false) return Promise.resolve(null);
        progress.isWriteSent = beginWrite !== undefined;
        return withTimeout(
          milliseconds,
          retried(() => connection.any(statement)),
        );
      });
      if (rows === null) throw overloaded();
      return rows;
    } catch (error) {
      const failure = progress.isConnected ? classifyError(error, progress.isWriteSent) : unavailable(error);
      if (failure !== error) {
        observe({ type: 'database_error', error });
        if (!isRolledBack(error)) connectionLost();
      }
      throw failure;
    }
  };

  const checked = async <Row>(
    statement: Statement<Row>,
    beginWrite?: () => boolean,
  ): Promise<readonly Row[]> => {
    const found = await send(statement, timeoutOf(options), beginWrite);
    return found.map((row) => statement.parser.parse(row));
  };

  return {
    rows: (statement, since) => bulkhead.run(() => checked(statement), deadline?.current(), since),
    write: (statement, since) => {
      const work = deadline?.current();
      return bulkhead.run(() => checked(statement, () => work?.beginWrite() ?? true), work, since);
    },
    writeAtOnce: (statement, beginWrite) => bulkhead.runIfFree(() => checked(statement, beginWrite)),
    statement: (name, row) => (options.preparedStatements ? sql.prepared(name, row) : sql.type(row)),
    dataLoader: (load, limits) => {
      const current = deadline && { current: () => deadline.current() };
      const batches = createDataLoader(load, { ...limits, ...waiting, ...current });
      queues.push(batches.waiting);
      return batches.load;
    },
    onConnectionLost: (listener) => void lostListeners.push(listener),
    usage,
    // Bypasses the bulkhead: a queue there does not mean that the database is unavailable.
    isReady: () => withTimeout(probeMilliseconds, send(probe, probeMilliseconds)).then(isWritable, notReady),
    [Symbol.asyncDispose]: async () => {
      const pool = await opening?.catch(() => null);
      await pool?.end();
    },
  };
};

const nothingOpen = { acquiredConnections: 0, idleConnections: 0 };

/** A read-only database, such as a standby, is not ready: the service writes. */
const probe = sql.type(
  z.object({ writable: z.boolean() }),
)`SELECT current_setting('transaction_read_only') = 'off' AS writable`;
const isWritable = (rows: readonly { readonly writable: boolean }[]): boolean => rows[0]?.writable === true;
const notReady = (): boolean => false;

/** 500 ms longer than the timeout of the server, whose error means that the statement has certainly ended. */
const timeoutOf = ({ statementTimeoutMs }: DatabaseOptions): number => statementTimeoutMs + 500;
