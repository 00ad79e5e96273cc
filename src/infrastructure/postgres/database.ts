import { sql, type DatabasePool, type QuerySqlToken } from 'slonik';
import { z } from 'zod';
import type { Deadline } from '../../application/ports/deadline.ts';
import type { Health } from '../../application/ports/health.ts';
import type { Observer } from '../../application/ports/observer.ts';
import { overloaded } from '../../domain/errors.ts';
import { connectMilliseconds, openPool, type PoolOptions } from './client/open-pool.ts';
import { batched, type BatchLimits, type Load } from './batch.ts';
import { inTime } from './deadline.ts';
import { asFailure, isRolledBack, unavailable } from './failure.ts';
import { createGate } from './gate.ts';
import { retried } from './retry.ts';

export interface DatabaseOptions extends PoolOptions {
  /** Requests that may wait for a connection; one more is refused at once. */
  readonly queueMax: number;
}

/** A statement with the schema of its rows; the name is for a prepared statement. */
export type Statement<Row> = QuerySqlToken<z.ZodType<Row>>;

/** How busy the database is kept, in connections, and in requests that wait for one or for others to come back from it. */
export interface Usage {
  readonly max: number;
  readonly used: number;
  readonly idle: number;
  readonly waiting: number;
}

export interface Database extends Health, AsyncDisposable {
  /**
   * The rows of a statement that only reads, checked against its schema. Rejects with `unavailable` while the database
   * is away, with `overloaded` where no connection gets free in time. `since` is a moment of `performance.now`: what has
   * waited elsewhere since then waits so much less for a connection.
   */
  rows<Row>(statement: Statement<Row>, since?: number): Promise<readonly Row[]>;
  /**
   * The same for a statement that writes. `unavailable` and `overloaded` mean that nothing was done; rejects with
   * `outcome_unknown` where the statement was sent and its answer was lost.
   */
  write<Row>(statement: Statement<Row>, since?: number): Promise<readonly Row[]>;
  /**
   * As {@link write}, for a batch, whose `beginWrite` is called just before the statement is sent. Null where the
   * statement would have to wait for a connection: then it is not sent.
   */
  writeAtOnce<Row>(statement: Statement<Row>, beginWrite: () => boolean): Promise<readonly Row[]> | null;
  /** A tag for a statement, prepared under this name where the connection allows that. */
  statement<Row>(name: string, row: z.ZodType<Row>): ReturnType<typeof sql.type<z.ZodType<Row>>>;
  /**
   * Answers by one statement those who ask at about the same time; see {@link batched}. As many may wait for their turn,
   * and as long, as for a connection.
   */
  batched<Key, Value>(load: Load<Key, Value>, limits: BatchLimits): (key: Key) => Promise<Value>;
  /**
   * Calls back whenever a connection broke, in use or idle, or could not be opened. The server may have been replaced by
   * one that lacks the last writes.
   */
  onConnectionLost(listener: () => void): void;
  usage(): Usage;
}

/** How long a request may wait for a connection before it is told to come back, in milliseconds. */
const waitMilliseconds = 900;

/** How long it may take to tell whether the database is there, in milliseconds. */
const probeMilliseconds = 900;

/** The pool is opened by its first use, so that the service can start before its database does. */
export const createDatabase = (
  options: DatabaseOptions,
  observe: Observer,
  deadline?: Deadline,
): Database => {
  const waiting = { waiting: options.queueMax, waitMilliseconds };
  const gate = createGate({ places: options.poolMax, ...waiting });
  /** Where requests wait, each of which tells how many. */
  const queues = [gate.waiting];
  const lostListeners: (() => void)[] = [];
  const connectionLost = (): void => {
    for (const listener of lostListeners) listener();
  };
  let opening: Promise<DatabasePool> | null = null;
  let opened: DatabasePool | null = null;

  const open = (): Promise<DatabasePool> => {
    opening ??= inTime(2 * connectMilliseconds, openPool(options, connectionLost), (late) =>
      late.end(),
    ).catch((error: unknown) => {
      opening = null;
      observe({ type: 'database_error', error });
      throw unavailable(error);
    });
    return opening;
  };

  const usage = (): Usage => {
    const { acquiredConnections: used, idleConnections: idle } = opened?.state() ?? nothingOpen;
    const waiting = queues.reduce((sum, inQueue) => sum + inQueue(), 0);
    return { max: options.poolMax, used, idle, waiting };
  };

  /** `beginWrite` is given for a statement that writes, and called when there is a connection: the last moment to stop. */
  const ask = async <Row>(
    statement: Statement<Row>,
    milliseconds: number,
    beginWrite?: () => boolean,
  ): Promise<readonly Row[]> => {
    let isWriteSent = false;
    try {
      const pool = (opened = await open());
      // What is thrown in here makes Slonik give the connection up, as it should where no answer comes.
      const rows = await pool.connect((connection) => {
        if (beginWrite?.() === false) return Promise.resolve(null);
        isWriteSent = beginWrite !== undefined;
        return inTime(
          milliseconds,
          retried(() => connection.any(statement)),
        );
      });
      if (rows === null) throw overloaded();
      return rows;
    } catch (error) {
      const failure = asFailure(error, isWriteSent);
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
    const found = await ask(statement, patienceOf(options), beginWrite);
    return found.map((row) => statement.parser.parse(row));
  };

  return {
    rows: (statement, since) => gate.pass(() => checked(statement), deadline?.current(), since),
    write: (statement, since) => {
      const work = deadline?.current();
      return gate.pass(() => checked(statement, () => work?.beginWrite() ?? true), work, since);
    },
    writeAtOnce: (statement, beginWrite) => gate.passAtOnce(() => checked(statement, beginWrite)),
    statement: (name, row) => (options.preparedStatements ? sql.prepared(name, row) : sql.type(row)),
    batched: (load, limits) => {
      const current = deadline && { current: () => deadline.current() };
      const batches = batched(load, { ...limits, ...waiting, ...current });
      queues.push(batches.waiting);
      return batches.ask;
    },
    onConnectionLost: (listener) => void lostListeners.push(listener),
    usage,
    // Past the gate: a crowd that waits there says nothing about the database.
    isReady: () => inTime(probeMilliseconds, ask(probe, probeMilliseconds)).then(isWritable, notReady),
    [Symbol.asyncDispose]: async () => {
      const pool = await opening?.catch(() => null);
      await pool?.end();
    },
  };
};

const nothingOpen = { acquiredConnections: 0, idleConnections: 0 };

/** A database that may only be read, a standby for one, is of no use to a service that writes. */
const probe = sql.type(
  z.object({ writable: z.boolean() }),
)`SELECT current_setting('transaction_read_only') = 'off' AS writable`;
const isWritable = (rows: readonly { readonly writable: boolean }[]): boolean => rows[0]?.writable === true;
const notReady = (): boolean => false;

/** Where the server ends a statement that takes too long, its word is waited for: it ends the work, not the waiting. */
const patienceOf = ({ statementTimeoutMs, preparedStatements }: DatabaseOptions): number =>
  preparedStatements ? statementTimeoutMs + 500 : statementTimeoutMs;
