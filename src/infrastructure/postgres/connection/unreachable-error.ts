import { withCauses } from '../client/failure-reason.ts';

/** No host of the database accepts a connection for this role and database. */
export class UnreachableDatabaseError extends Error {
  override readonly name = 'UnreachableDatabaseError';
}

export const throwUnreachable = (error: unknown): never => {
  const reason = error instanceof Error ? error.message || error.name : String(error);
  throw new UnreachableDatabaseError(reason, { cause: error });
};

// Classes 08 (connection), 28 (login), 3D (database), 53 (resources), 57 (operator), 58 (files), and XX001 and XX002 (damaged
// tables and indexes): https://www.postgresql.org/docs/18/errcodes-appendix.html
const unreachableCodes = /^(?:(?:08|28|3D|53|57|58)...|XX00[12])$/;

/** Whether the database refused the connection or cannot work, or the connection was lost. */
export const isUnreachable = (error: unknown): boolean =>
  withCauses(error).some(
    (one) =>
      one instanceof UnreachableDatabaseError ||
      (one instanceof Error &&
        (one.message.startsWith('Connection terminated') ||
          ('severity' in one && 'code' in one && unreachableCodes.test(String(one.code))))),
  );
