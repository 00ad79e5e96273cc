import { record, type Facts } from './facts.ts';
import { quoteIdentifier as quoted } from './quote-identifier.ts';

/** The migrations that have not run, in order; none where the role may not read the record. */
export const pendingMigrations = ({ applied }: Facts, migrations: readonly string[]): readonly string[] =>
  applied === null ? [] : migrations.slice(migrations.findLastIndex((name) => applied.includes(name)) + 1);

/** What to do about a record that lacks a migration before the last one: they run in order, so its row was deleted or not restored. */
export const lostProblems = (facts: Facts, migrations: readonly string[]): readonly string[] => {
  const { applied } = facts;
  const last = migrations.findLastIndex((name) => applied?.includes(name) === true);
  const lost = migrations.slice(0, last + 1).filter((name) => applied?.includes(name) === false);
  if (lost.length === 0) return [];
  const table = `${quoted(facts.schema ?? '')}.${record}`;
  const rows = lost.map((name) => `('${name}', now())`).join(', ');
  return [
    `The record of migrations in ${table} lacks ${lost.join(', ')}, although later ones ran; restore it from a backup, or, if the tables have their changes, run: INSERT INTO ${table} (name, run_on) VALUES ${rows}`,
  ];
};
