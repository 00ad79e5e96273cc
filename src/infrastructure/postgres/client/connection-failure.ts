import { DatabaseError } from 'pg';
import { ConnectionError, InvalidInputError, StatementTimeoutError } from 'slonik';
import { outcomeUnknown, TaskholdError } from '../../../domain/errors.ts';
import { TimeoutError } from './statement-timeout.ts';

// Classes 08 (connection), 53 (insufficient resources), 57 (operator intervention), 40 (serialization, deadlock);
// 25006 is a read-only database, 55P03 a lock that could not be had: https://www.postgresql.org/docs/18/errcodes-appendix.html
const passingStates = /^(08|53|57|40)...$|^25006$|^55P03$/;

// What Node's sockets and resolver say when the server is not there.
const passingErrnos = /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_|ENOENT)/;

// node-postgres has no code for these.
const passingMessages = /^(Connection terminated|timeout expired|Client has encountered a connection error)/i;

/** The database cannot be used at the moment, because of `cause`; nothing was done. */
export const unavailable = (cause: unknown): TaskholdError =>
  cause instanceof TaskholdError
    ? cause
    : new TaskholdError(
        'unavailable',
        'The database cannot be reached. Nothing was done; try again shortly.',
        { cause },
      );

/**
 * Classifies an error of a statement that was sent. A write that the server did not answer to have failed becomes
 * `outcome_unknown`, whatever the error is. What passes by itself once the database is back becomes `unavailable`. Any
 * other error, a bug, is returned as it is.
 */
export const classifyError = (error: unknown, isWriteSent = false): unknown => {
  if (error instanceof TaskholdError) return error;
  if (isWriteSent && !isRolledBack(error)) return outcomeUnknown(error);
  return isPassing(error) ? unavailable(error) : error;
};

/** These end the session (FATAL), which can also happen between the commit and its confirmation; 40003 says so itself. */
const endsSession = /^(?:08...|57P..|40003)$/;

/** These can be a PANIC, also while a commit is being flushed to the disk. */
const canPanic = /^(?:53100|58...|XX...)$/;

/**
 * True where the server answered that the statement failed: its transaction was rolled back for certain, and the
 * connection is still there. The severity is in the language of the server, so that other words than `ERROR` count only
 * for codes that are always errors.
 */
export const isRolledBack = (error: unknown): boolean => {
  const answer = answerOf(error);
  if (!(answer instanceof DatabaseError)) return answer !== undefined;
  const { code = '', severity = '' } = answer;
  if (endsSession.test(code) || severity === 'FATAL' || severity === 'PANIC') return false;
  return severity === 'ERROR' || !canPanic.test(code);
};

/** SQLSTATE classes 22 (data exception) and 23 (integrity constraint violation). */
const rejectedValue = /^2[23]...$/;

/** True where the server refused the values of a statement, and so rolled it back. */
export const isRejectedValue = (error: unknown): boolean => {
  const answer = answerOf(error);
  return answer instanceof DatabaseError ? rejectedValue.test(answer.code ?? '') : answer !== undefined;
};

/** The error that the server answered with; Slonik keeps it as a cause, or replaces it where it refused a value. */
const answerOf = (error: unknown): DatabaseError | InvalidInputError | undefined =>
  withCauses(error).find((one) => one instanceof DatabaseError || one instanceof InvalidInputError);

/** An error and its causes, few of them: the chain of causes can be a circle. */
const withCauses = (error: unknown, depth = 5): readonly unknown[] =>
  error instanceof Error && error.cause !== undefined && depth > 0
    ? [error, ...withCauses(error.cause, depth - 1)]
    : [error];

const isPassing = (error: unknown): boolean =>
  !(error instanceof TaskholdError) && withCauses(error).some(isPassingItself);

const isPassingItself = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isPassingItself);
  if (error instanceof TimeoutError || error instanceof ConnectionError) return true;
  if (error instanceof StatementTimeoutError || passingMessages.test(error.message)) return true;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return passingStates.test(code) || passingErrnos.test(code);
};
