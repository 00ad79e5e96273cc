import { Pool } from 'pg';

/** Better Auth has a schema of its own, so that its tables and those of Taskhold cannot meet. */
const schema = 'sign_in';

interface AuthDatabase extends AsyncDisposable {
  readonly pool: Pool;
}

/** Connects to the schema of Better Auth in this database, and creates it where it is missing. */
export const openAuthDatabase = async (url: string): Promise<AuthDatabase> => {
  const pool = new Pool({ connectionString: url, options: `-c search_path=${schema}`, max: 5 });
  // A connection that is lost while it is idle is replaced by the next query.
  pool.on('error', () => undefined);
  await pool.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  return { pool, [Symbol.asyncDispose]: () => pool.end() };
};
