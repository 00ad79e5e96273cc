import type { Facts } from './facts.ts';
import { pendingMigrations } from './recorded-migrations.ts';

/** Only the owner of a table may change it, or build an index of it. Missing indexes are all of `tasks`. */
export const ownerProblems = (facts: Facts, migrations: readonly string[]): readonly string[] => {
  const changed = pendingMigrations(facts, migrations).length > 0 ? ['owners', 'tasks'] : ['tasks'];
  return changed
    .filter((table) => facts.tables.includes(table) && !facts.owned.includes(table))
    .map(
      (table) =>
        `The role ${facts.role} does not own the table ${table}; migrate as the role that owns the tables`,
    );
};

/** PostgreSQL's own extensions, which the indexes of large lists need. */
export const extensionProblems = (facts: Facts): readonly string[] =>
  facts.missing_extensions.flatMap((name) => {
    if (facts.unavailable_extensions.includes(name))
      return [
        `The server has no files of the extension ${name}, which is part of PostgreSQL; install them (Debian: postgresql-contrib, before version 18 also a package of its own)`,
      ];
    return facts.can_create_extensions
      ? []
      : [
          `The role ${facts.role} may not create the extension ${name}; migrate as a role that may, or let an administrator run in this database: CREATE EXTENSION ${name}`,
        ];
  });
