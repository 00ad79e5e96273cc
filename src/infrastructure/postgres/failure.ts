import { ConnectionError, SlonikError, StatementTimeoutError } from 'slonik';
import { TaskholdError } from '../../domain/errors.ts';
import { TooLate } from './deadline.ts';

// Classes 08 (connection), 53 (insufficient resources), 57 (operator intervention), 40 (serialization, deadlock);
// 25006 is a read-only database, 55P03 a lock that could not be had: https://www.postgresql.org/docs/18/errcodes-appendix.html
const passingStates = /^(08|53|57|40)...$|^25006$|^55P03$/;

// What Node's sockets and resolver say when the server is not there.
const passingErrnos = /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_|ENOENT)/;

// node-postgres has no code for these.
const passingMessages = /^(Connection terminated|timeout expired|Client has encountered a connection error)/i;

/** The database cannot be had at the moment, for the reason that is the cause. */
export const unavailable = (cause: unknown): TaskholdError =>
  cause instanceof TaskholdError
    ? cause
    : new TaskholdError('unavailable', 'The database cannot be reached; try again shortly.', { cause });

/** `unavailable` for what passes by itself once the database is back; anything else, a bug of ours, as it is. */
export const asFailure = (error: unknown): unknown => (isPassing(error) ? unavailable(error) : error);

const isPassing = (error: unknown): boolean => {
  if (error instanceof AggregateError) return error.errors.some(isPassing);
  if (!(error instanceof Error) || error instanceof TaskholdError) return false;
  if (error instanceof TooLate || error instanceof ConnectionError) return true;
  if (error instanceof StatementTimeoutError || passingMessages.test(error.message)) return true;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (passingStates.test(code) || passingErrnos.test(code)) return true;
  return (error instanceof SlonikError || error.cause !== undefined) && isPassing(error.cause);
};
