import { Client, DatabaseError } from 'pg';
import { z } from 'zod';

/** A shared lock on the server, which is not stopped while a process holds one. A killed process loses its lock at once. */
export interface ServerLock {
  /** Releases the lock. True: it was the last one, and no other lock is granted until `end` is called. */
  release(): Promise<boolean>;
  end(): Promise<void>;
  /** Resolves when the connection that holds the lock has ended: the server is gone, or restarts after a crash. */
  readonly lost: Promise<void>;
}

/** Locks the server at this URL. Null: another service is stopping it. Throws if the server does not respond or rejects the password. */
export const lockServer = async (url: string): Promise<ServerLock | null> => {
  const client = await connect(url);
  const lost = new Promise<void>((resolve) => client.once('end', () => resolve()));
  try {
    if (!(await callLock(client, 'pg_try_advisory_lock_shared'))) {
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
        await callLock(client, 'pg_advisory_unlock_shared');
        return await callLock(client, 'pg_try_advisory_lock');
      } catch {
        return isUnused(url);
      }
    },
    end: () => client.end().catch(() => undefined),
    lost,
  };
};

/** The database of the service; its name is the superuser's. */
export const databaseName = 'taskhold';

/** The key of the advisory lock; any number that no other advisory lock of this server uses. */
const lockKey = 7_461_736_801;

const connect = async (url: string): Promise<Client> => {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 2_000,
    application_name: 'taskhold-keeper',
  });
  // The server can close this connection at any time; then the next statement fails.
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

type LockFunction = 'pg_try_advisory_lock_shared' | 'pg_advisory_unlock_shared' | 'pg_try_advisory_lock';

const lockResult = z.tuple([z.object({ result: z.boolean() })]);

const callLock = async (client: Client, name: LockFunction): Promise<boolean> => {
  const { rows } = await client.query(`select ${name}(${lockKey}) as result`);
  return lockResult.parse(rows)[0].result;
};

/** For a lost connection: PostgreSQL closes all connections when it restarts after a crash of one of its processes. */
const isUnused = async (url: string): Promise<boolean> => {
  const client = await connect(url).catch(() => null);
  if (client === null) return true;
  try {
    return await callLock(client, 'pg_try_advisory_lock');
  } finally {
    await client.end();
  }
};

const ensureDatabase = async (client: Client): Promise<void> => {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName]);
  if (rowCount === 1) return;
  await client.query(`create database ${databaseName}`).catch((error: unknown) => {
    // Another service that starts at the same time has created it.
    if (!(error instanceof DatabaseError && (error.code === '42P04' || error.code === '23505'))) throw error;
  });
};
