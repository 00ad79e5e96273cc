/** The statements as the first edition sends them: with its columns, the owner's row first. The user is `$1`. */
export const firstEditionStatements = {
  /** `$2` id, `$3` title, `$4` description, `$5` time. */
  insert: `
    WITH counter AS (
      INSERT INTO owners (id, revision, created_at) VALUES ($1, 1, $5)
      ON CONFLICT (id) DO UPDATE SET revision = owners.revision + 1
      RETURNING id AS owner_id, revision
    )
    INSERT INTO tasks (owner_id, id, title, description, completed, created_at, updated_at, revision)
    SELECT owner_id, $2::uuid, $3::text, $4::text, false, $5::timestamptz, $5::timestamptz, counter.revision FROM counter
    RETURNING owner_id, revision`,
  /** `$2` id, `$3` title or null, `$4` whether the description changes, `$5` description, `$6` time. */
  change: `
    WITH found AS (
      SELECT * FROM tasks WHERE owner_id = $1 AND id = $2::uuid
    ), counter AS (
      UPDATE owners SET revision = owners.revision + 1 WHERE id = $1 AND EXISTS (SELECT FROM found) RETURNING revision
    ), written AS (
      UPDATE tasks AS task SET
        title = coalesce($3, task.title),
        description = CASE WHEN $4::boolean THEN $5 ELSE task.description END,
        updated_at = greatest(task.updated_at, $6::timestamptz),
        revision = counter.revision
      FROM counter WHERE owner_id = $1 AND id = $2::uuid
      RETURNING task.*
    )
    SELECT id, title, description, completed, created_at, updated_at, revision FROM written`,
  /** `$2` id, `$3` completed, `$4` time. */
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
  /** `$2` id. */
  delete: `
    WITH found AS (
      SELECT * FROM tasks WHERE owner_id = $1 AND id = $2::uuid
    ), counter AS (
      UPDATE owners SET revision = owners.revision + 1 WHERE id = $1 AND EXISTS (SELECT FROM found) RETURNING revision
    ), written AS (
      DELETE FROM tasks USING counter WHERE owner_id = $1 AND id = $2::uuid RETURNING tasks.id
    )
    SELECT task.id, written.id IS NOT NULL AS removed FROM found AS task LEFT JOIN written ON true`,
  /** `$2` limit. */
  list: `
    SELECT owners.revision AS owner_revision, task.id, title, description, completed, task.created_at, updated_at, task.revision
    FROM owners LEFT JOIN LATERAL (
      SELECT * FROM tasks WHERE owner_id = owners.id ORDER BY created_at DESC, tasks.id DESC LIMIT $2
    ) AS task ON true
    WHERE owners.id = $1`,
} as const;
