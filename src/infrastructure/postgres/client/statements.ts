import type { DatabasePool, QuerySqlToken } from 'slonik';
import type { z } from 'zod';
import type { HealthCheck } from '../../../application/ports/health-check.ts';
import type { DatabaseErrorReason, Observer } from '../../../application/ports/observer.ts';
import { overloaded } from '../../../domain/errors.ts';
import { readFacts } from '../requirements/facts.ts';
import { migrationNames } from '../requirements/migration-files.ts';
import { createRequirementCheck } from '../requirements/requirement-check.ts';
import { unmetRequirements } from '../requirements/requirements.ts';
import { UnmetRequirementsError } from '../requirements/unmet-error.ts';
import {
  classifyError,
  isRejectedValue,
  isRolledBack,
  isSpentKey,
  unavailable,
} from './connection-failure.ts';
import { reasonOf } from './failure-reason.ts';
import { openPool, type PoolOptions } from './open-pool.ts';
import { retried } from './retry.ts';
import { withTimeout } from '../../system/timeout.ts';

/** Sends statements over a pool, which is opened by its first use. */
export interface Statements extends HealthCheck, AsyncDisposable {
  /** `beginWrite` is given for a statement that writes, and called when there is a connection: the last moment to stop. */
  send<Row>(
    statement: QuerySqlToken<z.ZodType<Row>>,
    timeoutMs: number,
    beginWrite?: () => boolean,
  ): Promise<readonly Row[]>;
  connections(): Pick<ReturnType<DatabasePool['state']>, 'acquiredConnections' | 'idleConnections'>;
}

/** Timeout of a check of the database. */
const checkTimeoutMs = 900;

/**
 * A missing table, column, schema or right, or types and keys that do not fit: the database may not be what it was when it was
 * checked. The server has rolled back the statement.
 */
const unprepared = /^(?:42P01|42703|3F000|42501|42804|42883|42P10)$/;

export const createStatements = (
  options: PoolOptions,
  observe: Observer,
  connectionLost: () => void,
): Statements => {
  let opening: Promise<DatabasePool> | null = null;
  let opened: DatabasePool | null = null;

  const open = async (): Promise<DatabasePool> => {
    opening ??= openPool(options, connectionLost).catch((error: unknown) => {
      opening = null; // the next call tries again
      throw error;
    });
    return (opened = await opening);
  };

  let problem: DatabaseErrorReason | null = null;

  const report = (error: unknown): void =>
    observe({ type: 'database_error', reason: reasonOf(error), error });

  const noteLoss = (error: unknown): void => {
    if (!isRolledBack(error) && !(error instanceof UnmetRequirementsError)) connectionLost();
  };

  /** Slonik closes the connection where this callback throws: a repaired role or database is seen by a new one. */
  const inspect = async (): Promise<void> => {
    const pool = await open();
    const migrations = await migrationNames();
    const inspecting = pool.connect(async (connection) => {
      const facts = await withTimeout(
        checkTimeoutMs,
        readFacts((statement) => connection.any(statement)),
      );
      const unmet = unmetRequirements(facts, migrations);
      if (unmet.length > 0) throw new UnmetRequirementsError(unmet);
    });
    inspecting.catch(noteLoss); // also after the timeout; to wait for a connection for too long loses none
    await withTimeout(checkTimeoutMs, inspecting);
  };
  const requirements = createRequirementCheck(inspect, connectionLost);

  /** An error that shows a database that is not prepared any more becomes `unavailable`, whether the check finds it or not. */
  const recheck = async (error: unknown): Promise<unknown> => {
    if (!(error instanceof Error && 'code' in error && unprepared.test(String(error.code)))) return error;
    requirements.reset();
    const problem = `PostgreSQL refused a statement: ${error.message}`;
    const unmet = new UnmetRequirementsError([{ severity: 'unprepared', problem }], { cause: error });
    return requirements.ensureMet().then(() => unavailable(unmet), unavailable);
  };

  return {
    send: async (statement, timeoutMs, beginWrite) => {
      const progress = { isConnected: false, isWriteSent: false };
      try {
        const pool = await open();
        await requirements.ensureMet();
        // Slonik closes the connection where this callback throws, as it should where no answer comes.
        const rows = await pool.connect((connection) => {
          progress.isConnected = true;
          if (beginWrite?.() === false) return Promise.resolve(null);
          progress.isWriteSent = beginWrite !== undefined;
          return withTimeout(
            timeoutMs,
            retried(() => connection.any(statement)),
          );
        });
        if (rows === null) throw overloaded();
        return rows;
      } catch (error) {
        const failure = progress.isConnected
          ? await recheck(classifyError(error, progress.isWriteSent))
          : unavailable(error);
        if (failure === error) {
          if (progress.isWriteSent && isRejectedValue(error) && !isSpentKey(error))
            observe({ type: 'database_error', reason: 'write_refused', error });
        } else {
          const cause = causeOf(failure) ?? error;
          report(cause);
          noteLoss(cause);
        }
        throw failure;
      }
    },
    connections: () => opened?.state() ?? { acquiredConnections: 0, idleConnections: 0 },
    isReady: () =>
      requirements.check().then(
        () => {
          problem = null;
          return true;
        },
        (error: unknown) => {
          problem = reasonOf(error);
          report(error);
          return false;
        },
      ),
    problem: () => problem,
    [Symbol.asyncDispose]: async () => {
      const pool = await opening?.catch(() => null);
      await pool?.end();
    },
  };
};

/** The requirement that a failure is about, where the database is not prepared. */
const causeOf = (failure: unknown): UnmetRequirementsError | null =>
  failure instanceof Error && failure.cause instanceof UnmetRequirementsError ? failure.cause : null;
