import type { Trash } from '../../../../application/ports/trash.ts';
import type { Database } from '../../client/database.ts';
import { limitFromRow } from '../lists/select-newest.ts';
import { toTrashedTask, trashedColumns, trashedRow } from './trashed-row.ts';

/** No revision is as high. */
const unlimited = '9223372036854775807';

/** Reads one page, and one row more, which shows that there is a next page. */
export const listTrash =
  (database: Database): Trash['list'] =>
  async (owner, { limit, before }) => {
    const rows = await database.rows(database.statement('trash-list', trashedRow)`
      SELECT ${trashedColumns} FROM trashed_tasks AS task
      WHERE owner_id = ${owner} AND revision < ${before ?? unlimited}::bigint
      ORDER BY task.revision DESC LIMIT ${limitFromRow(limit + 1)}`);
    const tasks = rows.slice(0, limit).map((row) => toTrashedTask(owner, row));
    return { tasks, next: rows.length > limit ? (tasks.at(-1)?.revision ?? null) : null };
  };
