import type { Facts } from './facts.ts';
import { qualified } from './quote-identifier.ts';

/** The columns of the primary key of each table. Writes rely on it, and name it in ON CONFLICT. */
const primaryKeys: Readonly<Record<string, readonly string[]>> = {
  owners: ['id'],
  tasks: ['owner_id', 'id'],
  trashed_tasks: ['owner_id', 'id'],
  tombstones: ['owner_id', 'task_id'],
  idempotency_keys: ['owner_id', 'key'],
};

/** The triggers of `tasks`, for what older versions and operators write, and the migration that has the statement. */
const triggers: Readonly<Record<string, string>> = {
  tasks_inserted_by_older_version: '0004_folded_text',
  tasks_changed_by_older_version: '0009_type_of_texts',
  tasks_deleted_by_others: '0007_deletions_by_others',
};

const incomplete = 'although it was migrated; restore the backup completely, or run';

/** The keys and triggers that a table lacks, as after a restore of only a part of a backup. */
export const keyProblems = (facts: Facts, table: string): readonly string[] => {
  if (facts.views.includes(table)) return [];
  const name = qualified(facts, table);
  const key = primaryKeys[table] ?? [];
  const hasKey = facts.unique_keys.includes(`${table} ${key.toSorted().join()}`);
  const hasReference =
    table === 'owners' || facts.views.includes('owners') || facts.references_to_owners.includes(table);
  const missingTriggers =
    table === 'tasks'
      ? Object.entries(triggers).filter(([trigger]) => !facts.triggers.includes(`${table} ${trigger}`))
      : [];
  return [
    ...(hasKey
      ? []
      : [
          `The table ${name} has no primary key, ${incomplete}: ALTER TABLE ${name} ADD PRIMARY KEY (${key.join(', ')})`,
        ]),
    ...(hasReference
      ? []
      : [
          `The table ${name} has no foreign key to owners, ${incomplete}: ALTER TABLE ${name} ADD FOREIGN KEY (owner_id) REFERENCES ${qualified(facts, 'owners')} (id) ON DELETE CASCADE`,
        ]),
    ...missingTriggers.map(
      ([trigger, migration]) =>
        `The table ${name} has no trigger ${trigger}, ${incomplete} the statement of the migration ${migration}`,
    ),
  ];
};

/** The functions of the triggers are there where the triggers are. */
export const functionProblems = ({ has_erase_user }: Facts): readonly string[] =>
  has_erase_user
    ? []
    : [`The function erase_user is missing, ${incomplete} the statement of the migration 0010_erasure`];
