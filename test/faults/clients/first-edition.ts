import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';

/** A statement that was answered. */
export interface Answered {
  readonly isWrite: boolean;
  /** In milliseconds, as by `performance.now()`. */
  readonly endedAt: number;
  readonly milliseconds: number;
}

/** One connection of the first edition, which sends one statement after another for one user. */
export interface FirstEdition {
  readonly user: string;
  readonly answered: readonly Answered[];
  readonly failures: readonly string[];
  /** The ids of the tasks that it wrote and did not delete, the oldest first. */
  readonly written: readonly string[];
  /** The next task of the user that it completes is this one. */
  completeNext(id: string): void;
  /** Resolves after the last statement, and closes the connection. */
  stop(): Promise<void>;
}

/** After six statements. Small enough for many statements behind a lock, large enough to leave processors to the service. */
const pauseMs = 25;

export const startFirstEdition = async (url: string, user: string): Promise<FirstEdition> => {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const answered: Answered[] = [];
  const failures: string[] = [];
  const written: string[] = [];
  const requested: string[] = [];
  const stopping = new AbortController();

  const run = async (name: keyof typeof statements, ...values: unknown[]): Promise<void> => {
    const startedAt = performance.now();
    try {
      const { rowCount } = await client.query({ name, text: statements[name], values: [user, ...values] });
      if (rowCount === 0) throw new Error('no row');
      const endedAt = performance.now();
      answered.push({ isWrite: name !== 'list', endedAt, milliseconds: endedAt - startedAt });
    } catch (error) {
      failures.push(`${name}: ${String(error)}`);
    }
  };
  const insert = async (): Promise<void> => {
    const id = randomUUID();
    await run('insert', id, 'Written by the first edition', new Date());
    written.push(id);
  };
  const work = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await insert();
      await run('list', 50);
      await insert();
      await run('complete', requested.shift() ?? written.at(-1), true, new Date());
      await run('list', 50);
      await run('delete', written.shift());
      await pause(pauseMs);
    }
  };
  const working = work();
  return {
    user,
    answered,
    failures,
    written,
    completeNext: (id) => void requested.push(id),
    stop: async () => {
      if (stopping.signal.aborted) return;
      stopping.abort();
      await working;
      await client.end();
    },
  };
};

/** As the first edition sends them: prepared, with its columns, the owner's row first. */
const statements = {
  insert: `
    WITH counter AS (
      INSERT INTO owners (id, revision, created_at) VALUES ($1, 1, $4)
      ON CONFLICT (id) DO UPDATE SET revision = owners.revision + 1
      RETURNING id AS owner_id, revision
    )
    INSERT INTO tasks (owner_id, id, title, description, completed, created_at, updated_at, revision)
    SELECT owner_id, $2::uuid, $3::text, NULL, false, $4::timestamptz, $4::timestamptz, counter.revision FROM counter
    RETURNING owner_id, revision`,
  complete: `
    WITH found AS (
      SELECT * FROM tasks WHERE owner_id = $1 AND id = $2::uuid
    ), counter AS (
      UPDATE owners SET revision = owners.revision + 1 WHERE id = $1 AND EXISTS (SELECT FROM found) RETURNING revision
    ), written AS (
      UPDATE tasks AS task SET completed = $3, updated_at = greatest(task.updated_at, $4), revision = counter.revision
      FROM counter WHERE owner_id = $1 AND id = $2::uuid
      RETURNING task.*
    )
    SELECT id, title, description, completed, created_at, updated_at, revision FROM written`,
  delete: `
    WITH found AS (
      SELECT * FROM tasks WHERE owner_id = $1 AND id = $2::uuid
    ), counter AS (
      UPDATE owners SET revision = owners.revision + 1 WHERE id = $1 AND EXISTS (SELECT FROM found) RETURNING revision
    ), written AS (
      DELETE FROM tasks USING counter WHERE owner_id = $1 AND id = $2::uuid RETURNING tasks.id
    )
    SELECT task.id, written.id IS NOT NULL AS removed FROM found AS task LEFT JOIN written ON true`,
  list: `
    SELECT owners.revision AS owner_revision, task.id, title, description, completed, task.created_at, updated_at, task.revision
    FROM owners LEFT JOIN LATERAL (
      SELECT * FROM tasks WHERE owner_id = owners.id ORDER BY created_at DESC, tasks.id DESC LIMIT $2
    ) AS task ON true
    WHERE owners.id = $1`,
} as const;
