import { Client } from 'pg';

/** A connection of the test, separate from those of the code under test. */
export interface Session extends AsyncDisposable {
  /** The rows of one statement. */
  run(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
}

export const connect = async (url: string): Promise<Session> => {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return {
    run: async (text, values = []) => (await client.query<Record<string, unknown>>(text, [...values])).rows,
    [Symbol.asyncDispose]: () => client.end(),
  };
};

/** The first column of the first row. */
export const scalar = async (session: Session, text: string, values?: readonly unknown[]): Promise<unknown> =>
  Object.values((await session.run(text, values))[0] ?? {})[0];

/** An expression for rows that were deleted within an hour of now, by the clock of the database. */
export const isRecent = 'abs(extract(epoch from now() - deleted_at)) < 3600';

/** The rows of one statement, on a new connection. */
export const query = async (
  url: string,
  text: string,
  values?: readonly unknown[],
): Promise<Record<string, unknown>[]> => {
  await using session = await connect(url);
  return await session.run(text, values);
};
