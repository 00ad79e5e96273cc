import { sql, type QuerySqlToken } from 'slonik';
import { z } from 'zod';
import { requiredSettings } from '../connection/session-settings.ts';

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
  tables: list,
  rights: list,
  /** Tables whose rows row-level security filters for the role, or refuses. */
  row_security: list,
  /** A table and a column, such as `tasks title`. */
  columns: list,
  /** The columns that an INSERT has to name: NOT NULL without a default. */
  mandatory_columns: list,
  settings: z.record(z.string(), z.string()),
});

/** The extensions that the indexes of large lists need. PostgreSQL has them; the owner of a database may create them. */
const extensions = ['pg_trgm', 'btree_gin'];

/** What the service has to know of a database, as one connection finds it. */
export type Facts = z.infer<typeof facts> & {
  /** The names of the migrations that ran; null where the record may not be read, or not every row of it. */
  readonly applied: readonly string[] | null;
};

/** Runs a statement on one connection. */
export type Run = <Row>(statement: QuerySqlToken<z.ZodType<Row>>) => Promise<readonly Row[]>;

/** The tables of the service; `migrations` is the record of what ran. */
export const record = 'migrations';

/** Without parameters, so that any client can send its text. Only the first schema of the search path counts. */
const statement = sql.type(facts)`
  WITH missing AS (
    SELECT name FROM unnest(ARRAY[${sql.join(
      extensions.map((name) => sql.literalValue(name)),
      sql.fragment`, `,
    )}]) AS name
    WHERE name NOT IN (SELECT extname FROM pg_extension)
  ), found AS (
    SELECT oid, relname::text AS name FROM pg_class
    WHERE relnamespace = to_regnamespace(quote_ident(current_schema()))
      AND relname IN ('owners', 'tasks', 'migrations') AND relkind IN ('r', 'p', 'f', 'v')
  ), found_columns AS (
    SELECT found.name || ' ' || attname AS name,
      attnotnull AND NOT atthasdef AND attidentity = '' AS is_mandatory
    FROM found JOIN pg_attribute ON attrelid = found.oid
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
    ARRAY(SELECT name FROM found) AS tables,
    ARRAY(
      SELECT found.name || ' ' || privilege
      FROM found, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege
      WHERE has_table_privilege(found.oid, privilege)
    ) AS rights,
    ARRAY(SELECT name FROM found WHERE row_security_active(oid)) AS row_security,
    ARRAY(SELECT name FROM found_columns) AS columns,
    ARRAY(SELECT name FROM found_columns WHERE is_mandatory) AS mandatory_columns,
    json_build_object(${sql.join(
      Object.keys(requiredSettings).map(
        (name) => sql.fragment`${sql.literalValue(name)}, current_setting(${sql.literalValue(name)})`,
      ),
      sql.fragment`, `,
    )}) AS settings`;

/** Two statements that only read. */
export const readFacts = async (run: Run): Promise<Facts> => {
  const [found] = await run(statement);
  if (found === undefined) throw new Error('The database did not describe itself');
  const { schema, tables, rights, row_security } = found;
  if (schema === null || !tables.includes(record)) return { ...found, applied: [] };
  if (!rights.includes(`${record} SELECT`) || row_security.includes(record))
    return { ...found, applied: null };
  const rows = await run(sql.type(z.object({ name: z.string() }))`
    SELECT name FROM ${sql.identifier([schema, record])}`);
  return { ...found, applied: rows.map(({ name }) => name) };
};
