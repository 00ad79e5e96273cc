import { sql, type QuerySqlToken } from 'slonik';
import { z } from 'zod';
import { requiredSettings } from '../connection/session-settings.ts';
import { engineOf, type Engine } from './engine.ts';
import { UnmetRequirementsError } from './unmet-error.ts';

const list = z.array(z.string());

const facts = z.object({
  version: z.int(),
  role: z.string(),
  superuser: z.boolean(),
  encoding: z.string(),
  search_path: z.string(),
  schema: z.string().nullable(),
  has_own_schema: z.boolean(),
  can_create: z.boolean(),
  read_only: z.boolean(),
  encryption: z.string().nullable(),
  /** The extensions that the indexes need and the database lacks, and those of them that the server has no files of. */
  missing_extensions: list,
  unavailable_extensions: list,
  can_create_extensions: z.boolean(),
  has_citus: z.boolean(),
  tables: list,
  rights: list,
  /** Tables that the role may change as their owner. */
  owned: list,
  /** Tables whose rows row-level security filters for the role, or refuses. */
  row_security: list,
  /** The type of each column, such as `text` for `tasks title`. That of a domain is the type it is made of. */
  columns: z.record(z.string(), z.string()),
  /** The columns that an INSERT has to name: NOT NULL without a default. */
  mandatory_columns: list,
  /** Views and foreign tables: they have no keys and triggers, but what they read may have. */
  views: list,
  /** The columns of each unique key, by name, such as `tombstones owner_id,task_id`. */
  unique_keys: list,
  /** The tables whose `owner_id` refers to `owners`. */
  references_to_owners: list,
  /** A table and a trigger, such as `tasks tasks_deleted_by_others`. */
  triggers: list,
  has_erase_user: z.boolean(),
  settings: z.record(z.string(), z.string()),
});

/** The extensions that the indexes of large lists need. PostgreSQL has them; the owner of a database may create them. */
export const extensions = ['pg_trgm', 'btree_gin'];

/** What the service has to know of a database, as one connection finds it. */
export type Facts = z.infer<typeof facts> & {
  readonly engine: Engine;
  /** The isolation level of a statement where it can be another one than the setting; otherwise null. */
  readonly isolation: string | null;
  /** The names of the migrations that ran; null where the record may not be read, or not every row of it. */
  readonly applied: readonly string[] | null;
};

/** Runs a statement on one connection. */
export type Run = <Row>(statement: QuerySqlToken<z.ZodType<Row>>) => Promise<readonly Row[]>;

/** The record of the migrations that ran. */
export const record = 'migrations';

const serviceTables = ['owners', 'tasks', 'trashed_tasks', 'tombstones', 'idempotency_keys', record];

const listOf = (texts: readonly string[]) =>
  sql.join(
    texts.map((text) => sql.literalValue(text)),
    sql.fragment`, `,
  );

/** Without parameters, so that any client can send its text. Only the first schema of the search path counts. */
const statement = sql.type(facts)`
  WITH missing AS (
    SELECT name FROM unnest(ARRAY[${listOf(extensions)}]) AS name
    WHERE name NOT IN (SELECT extname FROM pg_extension)
  ), found AS (
    SELECT oid, relname::text AS name, relowner, relkind FROM pg_class
    WHERE relnamespace = to_regnamespace(quote_ident(current_schema()))
      AND relname IN (${listOf(serviceTables)}) AND relkind IN ('r', 'p', 'f', 'v')
  ), found_columns AS (
    SELECT found.name || ' ' || attname AS name,
      attnotnull AND NOT atthasdef AND attidentity = '' AS is_mandatory,
      CASE left(base.typname, 1) WHEN '_' THEN substr(base.typname, 2) || '[]' ELSE base.typname END AS type
    FROM found
    JOIN pg_attribute ON attrelid = found.oid
    JOIN pg_type ON pg_type.oid = atttypid
    JOIN pg_type AS base ON base.oid = coalesce(nullif(pg_type.typbasetype, 0), atttypid)
    WHERE attnum > 0 AND NOT attisdropped
  )
  SELECT
    current_setting('server_version_num')::int / 10000 AS version,
    current_user::text AS role,
    current_setting('is_superuser') = 'on' AS superuser,
    current_setting('server_encoding') AS encoding,
    current_setting('search_path') AS search_path,
    current_schema()::text AS schema,
    to_regnamespace(quote_ident(current_user)) IS NOT NULL AS has_own_schema,
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS can_create,
    current_setting('transaction_read_only') = 'on' AS read_only,
    (SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl) AS encryption,
    ARRAY(SELECT name FROM missing) AS missing_extensions,
    -- Reads files of the server, and so only where an extension is missing.
    ARRAY(
      SELECT name FROM missing WHERE NOT EXISTS (
        SELECT FROM pg_available_extensions AS available WHERE available.name = missing.name
      )
    ) AS unavailable_extensions,
    has_database_privilege(current_database(), 'CREATE') AS can_create_extensions,
    EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AS has_citus,
    ARRAY(SELECT name FROM found) AS tables,
    ARRAY(
      SELECT found.name || ' ' || privilege
      FROM found, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege
      WHERE has_table_privilege(found.oid, privilege)
    ) AS rights,
    ARRAY(SELECT name FROM found WHERE pg_has_role(relowner, 'USAGE')) AS owned,
    ARRAY(SELECT name FROM found WHERE row_security_active(oid)) AS row_security,
    (SELECT coalesce(json_object_agg(name, type), '{}') FROM found_columns) AS columns,
    ARRAY(SELECT name FROM found_columns WHERE is_mandatory) AS mandatory_columns,
    ARRAY(SELECT name FROM found WHERE relkind IN ('f', 'v')) AS views,
    -- Those that ON CONFLICT can name.
    ARRAY(
      SELECT name || ' ' || (
        SELECT string_agg(attname, ',' ORDER BY attname) FROM pg_attribute
        WHERE attrelid = indrelid AND attnum = ANY ((indkey::int2[])[0:indnkeyatts - 1])
      )
      FROM found JOIN pg_index ON indrelid = found.oid
      WHERE indisunique AND indisvalid AND indimmediate AND indpred IS NULL AND indexprs IS NULL
    ) AS unique_keys,
    ARRAY(
      SELECT name FROM found JOIN pg_constraint ON conrelid = found.oid
      WHERE contype = 'f' AND confrelid = (SELECT oid FROM found WHERE name = 'owners')
        AND conkey = ARRAY(SELECT attnum FROM pg_attribute WHERE attrelid = conrelid AND attname = 'owner_id')
    ) AS references_to_owners,
    ARRAY(SELECT name || ' ' || tgname FROM found JOIN pg_trigger ON tgrelid = found.oid WHERE NOT tgisinternal) AS triggers,
    to_regprocedure(quote_ident(current_schema()) || '.erase_user(text)') IS NOT NULL AS has_erase_user,
    json_build_object(${sql.join(
      Object.keys(requiredSettings).map(
        (name) => sql.fragment`${sql.literalValue(name)}, current_setting(${sql.literalValue(name)})`,
      ),
      sql.fragment`, `,
    )}) AS settings`;

/**
 * A few statements that only read. Throws {@link UnmetRequirementsError} for an engine that cannot be used, which may not
 * understand more than the first one.
 */
export const readFacts = async (run: Run): Promise<Facts> => {
  const engine = engineOf(await readText(run, sql.fragment`version()`));
  if (engine.refusal !== null)
    throw new UnmetRequirementsError([{ severity: 'unusable', problem: engine.refusal }]);
  const isolation =
    engine.kind === 'YugabyteDB'
      ? await readText(run, sql.fragment`yb_get_effective_transaction_isolation_level()`)
      : null;
  const [row] = await run(statement);
  if (row === undefined) throw new Error('The database did not describe itself');
  const found = { ...row, engine, isolation };
  const { schema, tables, rights, row_security } = found;
  if (schema === null || !tables.includes(record)) return { ...found, applied: [] };
  if (!rights.includes(`${record} SELECT`) || row_security.includes(record))
    return { ...found, applied: null };
  const rows = await run(sql.type(z.object({ name: z.string() }))`
    SELECT name FROM ${sql.identifier([schema, record])}`);
  return { ...found, applied: rows.map(({ name }) => name) };
};

const readText = async (run: Run, value: ReturnType<typeof sql.fragment>): Promise<string> => {
  const [row] = await run(sql.type(z.object({ text: z.string() }))`SELECT ${value}::text AS text`);
  return row?.text ?? '';
};
