import { DatabaseError, type Client, type QueryResult } from 'pg';

type Row = Record<string, unknown>;

/**
 * Sends queries over one connection, prepared where they have a name. A statement that PostgreSQL cannot execute as it was
 * prepared is prepared anew and sent again, also a write: these errors come before the execution, and roll back.
 */
export const preparedQueries = (client: Client) => {
  /** How often each name was given up; a name of its own for each time, because the server may still have the old one. */
  const renewed = new Map<string, number>();

  return async (text: string, values: unknown[], name?: string): Promise<QueryResult<Row>> => {
    if (name === undefined) return client.query<Row>(text, values);
    const times = renewed.get(name);
    try {
      return await client.query<Row>({
        name: times === undefined ? name : `${name}:${times}`,
        text,
        values,
      });
    } catch (error) {
      if (!isOutdated(error)) throw error;
      renewed.set(name, (times ?? 0) + 1);
      return client.query<Row>(text, values);
    }
  };
};

/**
 * 26000: the session does not have the statement; 42P05: it has another one of that name (both behind a pooler). 0A000 of
 * this routine is "cached plan must not change result type", after ALTER TABLE.
 */
const isOutdated = (error: unknown): boolean =>
  error instanceof DatabaseError &&
  (error.code === '26000' ||
    error.code === '42P05' ||
    (error.code === '0A000' && error.routine === 'RevalidateCachedQuery'));
