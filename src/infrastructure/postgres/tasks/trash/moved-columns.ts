import { sql } from 'slonik';
import { columnName, comma, rowMembers } from '../columns.ts';
import { foldedColumn, foldedFields } from '../folded-text.ts';

/** What a task takes along unchanged between `tasks` and `trashed_tasks`. A restoration sets `updated_at`, both set `revision`. */
export const movedColumns = sql.join(
  [
    sql.fragment`owner_id`,
    ...rowMembers.filter((member) => member !== 'updatedAt' && member !== 'revision').map(columnName),
    ...foldedFields.map(foldedColumn),
    sql.fragment`text_revision`,
  ],
  comma,
);
