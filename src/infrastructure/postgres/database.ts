import {
  createPool,
  sql,
  type ClientConfigurationInput,
  type DatabasePool,
  type QuerySqlToken,
} from 'slonik';
import { z } from 'zod';
import type { Health } from '../../application/ports/health.ts';
import type { Observer } from '../../application/ports/observer.ts';
import { asFailure } from './failure.ts';
import { createGate } from './gate.ts';
import { typeParsers } from './type-parsers.ts';

export interface DatabaseOptions {
  readonly url: string;
  /** Connections at most. */
  readonly poolMax: number;
  /** Requests that may wait for a connection; one more is refused at once. */
  readonly queueMax: number;
  /** The longest a statement may run, in milliseconds. */
  readonly statementTimeoutMs: number;
  /** False for a pooler that lacks named prepared statements (PgBouncer before 1.21 in transaction mode). */
  readonly preparedStatements: boolean;
}

/** A statement with the schema of its rows; the name is for a prepared statement. */
export type Statement<Row> = QuerySqlToken<z.ZodType<Row>>;

export interface Database extends Health, AsyncDisposable {
  /** The rows, checked against the statement's schema. Rejects with `unavailable` while the database is away. */
  rows<Row>(statement: Statement<Row>): Promise<readonly Row[]>;
  /** A tag for a statement, prepared under this name where the connection allows that. */
  statement<Row>(name: string, row: z.ZodType<Row>): ReturnType<typeof sql.type<z.ZodType<Row>>>;
}

/** How long a request may wait for a connection before it is told to come back, in milliseconds. */
const waitMilliseconds = 900;

/** The pool is opened by its first use, so that the service can start before its database does. */
export const createDatabase = (options: DatabaseOptions, observe: Observer): Database => {
  const gate = createGate({ places: options.poolMax, waiting: options.queueMax, waitMilliseconds });
  let opening: Promise<DatabasePool> | null = null;

  const open = (): Promise<DatabasePool> => {
    opening ??= openPool(options, observe).catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };

  const rows = async <Row>(statement: Statement<Row>): Promise<readonly Row[]> => {
    const found = await gate.pass(async () => {
      try {
        const pool = await open();
        return await pool.any(statement);
      } catch (error) {
        throw asFailure(error);
      }
    });
    return found.map((row) => statement.parser.parse(row));
  };

  return {
    rows,
    statement: (name, row) => (options.preparedStatements ? sql.prepared(name, row) : sql.type(row)),
    isReady: () => rows(sql.type(alive)`SELECT 1 AS alive`).then(ready, notReady),
    [Symbol.asyncDispose]: async () => {
      const pool = await opening?.catch(() => null);
      await pool?.end();
    },
  };
};

const alive = z.object({ alive: z.literal(1) });
const ready = (): boolean => true;
const notReady = (): boolean => false;

const openPool = async (options: DatabaseOptions, observe: Observer): Promise<DatabasePool> => {
  const pool = await createPool(options.url, poolConfiguration(options));
  // A connection that drops while nobody uses it is told here; without a listener it would end the process.
  pool.on('error', (error) => observe({ type: 'database_error', error }));
  return pool;
};

const poolConfiguration = (options: DatabaseOptions): ClientConfigurationInput => ({
  maxPoolSize: options.poolMax,
  connectionTimeout: 2_000,
  connectionRetryLimit: 1,
  idleTimeout: 60_000,
  // Startup parameters are refused by PgBouncer; a pooler's role carries its own limits.
  statementTimeout: options.preparedStatements ? options.statementTimeoutMs : 'DISABLE_TIMEOUT',
  idleInTransactionSessionTimeout: 'DISABLE_TIMEOUT',
  // Nothing here leaves state in a session, so there is nothing to reset; DISCARD ALL would cost a round trip
  // for every statement, and the prepared statements.
  resetConnection: () => Promise.resolve(),
  typeParsers,
});
