import { Client, DatabaseError } from 'pg';
import { z } from 'zod';

/** A shared lock on the server: it is not stopped while a process holds one. A killed process loses its lock at once. */
export interface Claim {
  /** Gives the share up. True: it was the last one, and no other will be granted until the connection ends. */
  release(): Promise<boolean>;
  end(): Promise<void>;
}

/** Null: another service is about to stop the server. Throws where the server does not answer, or not to this password. */
export const claim = async (url: string): Promise<Claim | null> => {
  const client = await connect(url);
  try {
    if (!(await ask(client, 'pg_try_advisory_lock_shared'))) {
      await client.end();
      return null;
    }
    await ensureDatabase(client);
  } catch (error) {
    await client.end();
    throw error;
  }
  return {
    release: async () => {
      try {
        await ask(client, 'pg_advisory_unlock_shared');
        return await ask(client, 'pg_try_advisory_lock');
      } catch {
        return isUnused(url);
      }
    },
    end: () => client.end().catch(() => undefined),
  };
};

/** The database of the service; its name is the superuser's. */
export const databaseName = 'taskhold';

/** Any number that no other advisory lock of this server has. */
const lock = 7_461_736_801;

const connect = async (url: string): Promise<Client> => {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 2_000,
    application_name: 'taskhold-keeper',
  });
  // The server may end this connection at any time; the next statement on it fails then.
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

type Question = 'pg_try_advisory_lock_shared' | 'pg_advisory_unlock_shared' | 'pg_try_advisory_lock';

const answers = z.tuple([z.object({ answer: z.boolean() })]);

const ask = async (client: Client, question: Question): Promise<boolean> => {
  const { rows } = await client.query(`select ${question}(${lock}) as answer`);
  return answers.parse(rows)[0].answer;
};

/** For a claim whose connection broke, as all do when PostgreSQL restarts itself after a crash of one of its processes. */
const isUnused = async (url: string): Promise<boolean> => {
  const client = await connect(url).catch(() => null);
  if (client === null) return true;
  try {
    return await ask(client, 'pg_try_advisory_lock');
  } finally {
    await client.end();
  }
};

const ensureDatabase = async (client: Client): Promise<void> => {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName]);
  if (rowCount === 1) return;
  await client.query(`create database ${databaseName}`).catch((error: unknown) => {
    // Another service that starts at the same time was first.
    if (!(error instanceof DatabaseError && (error.code === '42P04' || error.code === '23505'))) throw error;
  });
};
