import { sql } from 'slonik';
import { z } from 'zod';
import type { Fragment } from '../tasks/columns.ts';
import { due } from '../tasks/lists/task-conditions.ts';
import { titleStart } from '../tasks/lists/task-ordering.ts';
import type { Run } from '../requirements/facts.ts';
import { UnmetRequirementsError } from '../requirements/unmet-error.ts';

const ties = sql.fragment`created_at DESC, id DESC`;

/**
 * The indexes of the default order, which a migration makes, of the lists of users with many tasks, and of the rows that
 * {@link foldRows} looks for.
 */
const definitions = (trigrams: Fragment): Readonly<Record<string, Fragment>> => ({
  tasks_newest_first: sql.fragment`(owner_id, ${ties})`,
  tasks_by_status_newest_first: sql.fragment`(owner_id, completed, ${ties})`,
  tasks_not_folded: sql.fragment`(owner_id, id) WHERE text_revision IS NULL`,
  tasks_by_text_and_tags: sql.fragment`USING gin
    (owner_id, title_folded ${trigrams}, description_folded ${trigrams}, tags) WHERE is_indexed`,
  tasks_by_update: sql.fragment`(owner_id, updated_at DESC, ${ties}) WHERE is_indexed`,
  tasks_by_title: sql.fragment`(owner_id, (${titleStart})) WHERE is_indexed`,
  tasks_by_due_date: sql.fragment`(owner_id, (${due}), ${ties}) WHERE is_indexed`,
  tasks_by_revision: sql.fragment`(owner_id, revision) WHERE is_indexed`,
  tasks_by_priority: sql.fragment`(owner_id, priority, ${ties}) WHERE is_indexed`,
});

const nothing = z.object({});
const found = z.object({ name: z.string(), is_valid: z.boolean() });

/**
 * Builds the indexes that are missing, while the service reads and writes. PostgreSQL waits for transactions that have written
 * tasks, and for those that have a snapshot, whatever they read. An index that was left half built is built anew.
 */
export const buildListIndexes = async (run: Run): Promise<void> => {
  const validity = await readValidity(run);
  // PostgreSQL builds no index of a partitioned table concurrently: writes wait for it.
  const concurrently = (await isPartitioned(run)) ? sql.fragment`` : sql.fragment`CONCURRENTLY`;
  for (const [name, definition] of Object.entries(definitions(await trigramOperators(run)))) {
    if (validity.get(name) === true) continue;
    const index = sql.identifier([name]);
    if (validity.get(name) === false) await run(sql.type(nothing)`DROP INDEX ${concurrently} ${index}`);
    await run(sql.type(nothing)`CREATE INDEX ${concurrently} ${index} ON tasks ${definition}`);
  }
};

/** The indexes that this version has and the database lacks: they were dropped, not restored, or left half built. */
export const missingListIndexes = async (run: Run): Promise<readonly string[]> => {
  const validity = await readValidity(run);
  return Object.keys(definitions(sql.fragment``)).filter((name) => validity.get(name) !== true);
};

/** A sentence for operators, with the remedy. */
export const missingIndexesProblem = (names: readonly string[]): string =>
  `Indexes of the table tasks are missing: ${names.join(', ')}; run: npm run migrate`;

/** Throws {@link UnmetRequirementsError} where an index is missing. Everything works without it, slowly. */
export const requireListIndexes = async (run: Run): Promise<void> => {
  const names = await missingListIndexes(run);
  if (names.length === 0) return;
  throw new UnmetRequirementsError([{ severity: 'unprepared', problem: missingIndexesProblem(names) }]);
};

/** Whether each index of tasks is valid, by its name. */
const readValidity = async (run: Run): Promise<ReadonlyMap<string, boolean>> => {
  const existing = await run(sql.type(found)`
    SELECT pg_class.relname::text AS name, indisvalid AS is_valid
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid = 'tasks'::regclass`);
  return new Map(existing.map(({ name, is_valid }) => [name, is_valid]));
};

const isPartitioned = async (run: Run): Promise<boolean> => {
  const [row] = await run(sql.type(z.object({ is_partitioned: z.boolean() }))`
    SELECT relkind = 'p' AS is_partitioned FROM pg_class WHERE oid = 'tasks'::regclass`);
  return row?.is_partitioned === true;
};

/** The operator class of trigrams, with the schema of its extension, which the search path need not name. */
const trigramOperators = async (run: Run): Promise<Fragment> => {
  const [row] = await run(sql.type(z.object({ schema: z.string() }))`
    SELECT nspname::text AS schema FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
    WHERE extname = 'pg_trgm'`);
  if (row === undefined) throw new Error('The extension pg_trgm is missing');
  return sql.fragment`${sql.identifier([row.schema, 'gin_trgm_ops'])}`;
};
