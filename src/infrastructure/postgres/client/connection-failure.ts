import { DatabaseError } from 'pg';
import { ConnectionError, InvalidInputError, StatementTimeoutError } from 'slonik';
import { outcomeUnknown, TaskholdError } from '../../../domain/errors.ts';
import { UnmetRequirementsError } from '../requirements/unmet-error.ts';
import { messageFor, withCauses } from './failure-reason.ts';
import { TimeoutError } from '../../system/timeout.ts';

// Classes 08 (connection), 53 (insufficient resources), 57 (operator intervention), 58 (files and system calls), 40
// (serialization, deadlock); 25006 is a read-only database, 25P04 transaction_timeout, 55P03 lock_not_available,
// XX001 and XX002 are damaged tables and indexes: https://www.postgresql.org/docs/18/errcodes-appendix.html
const temporaryStates = /^(08|53|57|58|40)...$|^25(?:006|P04)$|^55P03$|^XX00[12]$/;

// Error codes of Node's sockets and DNS resolver for a server that cannot be reached.
const temporaryErrnos = /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_|ENOENT)/;

// node-postgres has no code for these.
const temporaryMessages =
  /^(Connection terminated|timeout expired|Client has encountered a connection error)/i;

/** The database is temporarily not available because of `cause`. Nothing was done. */
export const unavailable = (cause: unknown): TaskholdError =>
  cause instanceof TaskholdError ? cause : new TaskholdError('unavailable', messageFor(cause), { cause });

/**
 * Classifies an error of a statement that was sent. For a write, every error becomes `outcome_unknown`, unless the server
 * reported that the write failed, or did not read it. Temporary errors become `unavailable`. Any other error is a bug and
 * is returned unchanged.
 */
export const classifyError = (error: unknown, isWriteSent = false): unknown => {
  if (error instanceof TaskholdError) return error;
  if (isWriteSent && !isRolledBack(error) && !isNeverRead(error)) return outcomeUnknown(error);
  return isTemporary(error) ? unavailable(error) : error;
};

/**
 * These end the session (FATAL), possibly between the commit and its confirmation. 25P03 is
 * idle_in_transaction_session_timeout, 25P04 transaction_timeout, 40003 statement_completion_unknown.
 */
const endsSession = /^(?:08...|57P..|25P0[34]|40003)$/;

/** These can be a PANIC, possibly while a commit is being flushed to disk. */
const canPanic = /^(?:53100|58...|XX...)$/;

/**
 * True if the server reported that the statement failed: its transaction is certainly rolled back, and the connection is
 * still open. The severity is in the language of the server; so a severity other than `ERROR` counts only for codes that
 * are always errors.
 */
export const isRolledBack = (error: unknown): boolean => {
  const serverError = serverErrorOf(error);
  if (!(serverError instanceof DatabaseError)) return serverError !== undefined;
  const { code = '', severity = '' } = serverError;
  if (endsSession.test(code) || severity === 'FATAL' || severity === 'PANIC') return false;
  return severity === 'ERROR' || !canPanic.test(code);
};

/**
 * True if the server ended the session before it read the statement. idle_session_timeout (57P05) runs while the server
 * waits for a command, and is checked a last time before the command is processed. The result of an earlier statement was
 * sent before.
 */
const isNeverRead = (error: unknown): boolean => {
  const serverError = serverErrorOf(error);
  return serverError instanceof DatabaseError && serverError.code === '57P05';
};

/** SQLSTATE classes 22 (data exception), 23 (integrity constraint violation) and P0 (raised by a trigger). */
const rejectedValue = /^(?:2[23]|P0)...$/;

/** True if the server, or a trigger in it, rejected a value of the statement, and so rolled it back. */
export const isRejectedValue = (error: unknown): boolean => {
  const serverError = serverErrorOf(error);
  return serverError instanceof DatabaseError
    ? rejectedValue.test(serverError.code ?? '')
    : serverError !== undefined;
};

/** True if another statement has spent the key of a write at the same time. The server rolled this one back. */
export const isSpentKey = (error: unknown): boolean => {
  const serverError = serverErrorOf(error);
  return serverError instanceof DatabaseError && serverError.constraint === 'idempotency_keys_pkey';
};

/** The error that the server returned. Slonik sets it as the cause, or replaces it by InvalidInputError. */
const serverErrorOf = (error: unknown): DatabaseError | InvalidInputError | undefined =>
  withCauses(error).find((cause) => cause instanceof DatabaseError || cause instanceof InvalidInputError);

const isTemporary = (error: unknown): boolean =>
  !(error instanceof TaskholdError) && withCauses(error).some(isTemporaryItself);

const isTemporaryItself = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (error instanceof TimeoutError || error instanceof ConnectionError) return true;
  if (error instanceof UnmetRequirementsError) return true;
  if (error instanceof StatementTimeoutError || temporaryMessages.test(error.message)) return true;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return temporaryStates.test(code) || temporaryErrnos.test(code);
};
