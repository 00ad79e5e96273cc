import postgres from 'postgres';

/** The number of owners, and of tasks per owner. */
export interface Seed {
  readonly owners: number;
  readonly tasksEach: number;
}

/** The id of an owner's task; the same in every database with the same seed. */
export const seededTaskId = (owner: number, task: number): string =>
  `01900000-0000-7000-8${owner.toString(16).padStart(3, '0').slice(-3)}-${task.toString(16).padStart(12, '0')}`;

/** Fills empty, migrated tables and updates their statistics. */
export const fill = async (url: string, { owners, tasksEach }: Seed): Promise<void> => {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  await sql`
    INSERT INTO owners (id, revision, created_at)
    SELECT 'bench-' || o, ${tasksEach}, now() FROM generate_series(0, ${owners - 1}) AS o`;
  await sql`
    INSERT INTO tasks (owner_id, id, title, description, completed, created_at, updated_at, revision)
    SELECT 'bench-' || o,
      ('01900000-0000-7000-8' || right(lpad(to_hex(o), 3, '0'), 3) || '-' || lpad(to_hex(t), 12, '0'))::uuid,
      'Task ' || t || ' of owner ' || o, CASE WHEN t % 2 = 0 THEN 'A description of middling length' END, t % 3 = 0,
      now() - (t || ' minutes')::interval, now() - (t || ' minutes')::interval, t
    FROM generate_series(0, ${owners - 1}) AS o, generate_series(1, ${tasksEach}) AS t`;
  await sql`VACUUM ANALYZE owners, tasks`;
  await sql.end();
};
