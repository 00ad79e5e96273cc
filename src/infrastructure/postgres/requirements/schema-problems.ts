import type { Facts } from './facts.ts';
import { quoteIdentifier as quoted } from './quote-identifier.ts';

/** The schema that the search path names first has to exist: with the next one, two installations would share tables. */
export const schemaProblems = (facts: Facts): readonly string[] => {
  const { schema, role } = facts;
  const expected = firstSchema(facts);
  if (isSystemSchema(expected) || (schema !== null && schema === expected)) return [];
  return expected === ''
    ? ['The search path names no schema']
    : [
        `The schema ${expected}, which the search path names first, does not exist, or the role ${role} may not use it; run: CREATE SCHEMA ${quoted(expected)}, or GRANT USAGE ON SCHEMA ${quoted(expected)} TO ${quoted(role)}`,
      ];
};

export const systemSchemaProblems = (facts: Facts): readonly string[] => {
  const first = firstSchema(facts);
  return isSystemSchema(first)
    ? [
        `The search path names ${first} first, a schema of PostgreSQL itself, which cannot hold the tables; name a schema of your own first, such as public, in the options of DATABASE_URL or with ALTER ROLE ${quoted(facts.role)} SET search_path = 'public'`,
      ]
    : [];
};

/** PostgreSQL reserves all names that begin with `pg_`. */
export const isSystemSchema = (name: string): boolean =>
  name.startsWith('pg_') || name === 'information_schema';

export const firstSchema = ({ search_path, role, has_own_schema }: Facts): string => {
  const names = search_path.split(',').map(unquoted);
  const isSkipped = names[0] === '$user' && !has_own_schema;
  const first = (isSkipped ? names[1] : names[0]) ?? '';
  return first === '$user' ? role : first;
};

/** PostgreSQL folds names without quotation marks to lower case. */
const unquoted = (name: string): string => {
  const text = name.trim();
  return text.startsWith('"') && text.endsWith('"')
    ? text.slice(1, -1).replaceAll('""', '"')
    : text.toLowerCase();
};
