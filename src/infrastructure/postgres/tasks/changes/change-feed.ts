import { z } from 'zod';
import type { Change, ChangeFeed, ChangesPage } from '../../../../application/ports/change-feed.ts';
import type { Revision, TaskId } from '../../../../domain/task.ts';
import type { UserId } from '../../../../domain/user.ts';
import type { Database } from '../../client/database.ts';
import { toTask, type TaskRow } from '../columns.ts';
import { readIndexing } from '../lists/read-indexing.ts';
import { revision, taskRow } from '../task-row.ts';
import { selectChanges } from './select-changes.ts';

/** Columns of every row: what changed, if anything, and the user's counter. */
interface ChangeRow {
  readonly change_id: TaskId | null;
  readonly change_revision: Revision | null;
  readonly owner_revision: Revision;
  readonly complete_from: Revision;
}

const changed = z.union([
  taskRow(
    (row): row is ChangeRow =>
      'change_id' in row &&
      typeof row.change_id === 'string' &&
      ['change_revision', 'owner_revision', 'complete_from'].every((name) => name in row),
  ),
  z.object({
    id: z.null(),
    change_id: z.custom<TaskId>((value) => typeof value === 'string').nullable(),
    change_revision: revision.nullable(),
    owner_revision: revision,
    complete_from: revision,
  }),
]);

type Changed = z.infer<typeof changed>;

/** Reads tasks, trash, tombstones and the counter in one snapshot. Implements {@link ChangeFeed}. */
export const postgresChangeFeed = (database: Database): ChangeFeed => {
  const isIndexed = readIndexing(database);
  return {
    after: async (user, since, limit) => {
      const usesIndex = await isIndexed(user);
      const statement = database.statement(usesIndex ? 'changes-of-large-list' : 'changes', changed)`
        ${selectChanges(user, since, limit + 1, usesIndex)}`;
      return toPage(user, limit, await database.rows(statement));
    },
  };
};

const toPage = (user: UserId, limit: number, rows: readonly Changed[]): ChangesPage => {
  const changes = rows
    .map((row) => toChange(user, row))
    .filter((change) => change !== null)
    .sort((a, b) => a.revision - b.revision);
  return {
    changes: changes.slice(0, endOfPage(changes, limit)),
    hasMore: changes.length > limit,
    revision: rows[0]?.owner_revision ?? none,
    completeFrom: rows[0]?.complete_from ?? none,
  };
};

/** Changes of one revision, which SQL can make, stay on one page: the next one begins behind their revision. */
const endOfPage = (changes: readonly Change[], limit: number): number => {
  const last = changes[limit - 1]?.revision;
  const next = changes.findIndex((change, index) => index >= limit && change.revision !== last);
  return next === -1 ? changes.length : next;
};

const toChange = (user: UserId, row: Changed): Change | null => {
  const { change_id: id, change_revision: at } = row;
  if (id === null || at === null) return null;
  return { id, revision: at, task: isTask(row) ? toTask(user, row) : null };
};

const isTask = (row: Changed): row is ChangeRow & TaskRow => row.id !== null;

const none = revision.parse(0);
