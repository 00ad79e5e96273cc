import { Client } from 'pg';

/** Runs one statement on a connection of its own, and returns its rows. */
export const query = async (
  url: string,
  statement: string,
  values: readonly string[] = [],
): Promise<readonly Record<string, unknown>[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement, [...values]);
    return rows;
  } finally {
    await client.end();
  }
};
