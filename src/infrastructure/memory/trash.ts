import type { RestoreResult } from '../../application/ports/task-repository.ts';
import type { Trash } from '../../application/ports/trash.ts';
import { restoredTask } from '../../domain/task.ts';
import { isExpected, nextRevision, type UserRecords } from './user-record.ts';

/** The trash of the users in these records. */
export const memoryTrash = (records: UserRecords): Trash => ({
  list: (user, { limit, before }) => {
    const found = [...(records.get(user)?.trash.values() ?? [])]
      .filter(({ revision }) => before === null || revision < before)
      .sort((a, b) => b.revision - a.revision);
    const tasks = found.slice(0, limit);
    return Promise.resolve({
      tasks,
      next: found.length > limit ? (tasks.at(-1)?.revision ?? null) : null,
    });
  },

  restore: (...args) => Promise.resolve(restore(records, ...args)),

  purge: (user, id) => Promise.resolve(records.get(user)?.trash.delete(id) ?? false),

  purgeAll: (user) => {
    records.get(user)?.trash.clear();
    return Promise.resolve();
  },
});

/** Takes a task out of the trash of its user; see {@link Trash}. */
export const restore = (
  records: UserRecords,
  ...[user, id, at, expected]: Parameters<Trash['restore']>
): RestoreResult => {
  const record = records.get(user.id);
  const trashed = record?.trash.get(id);
  if (record === undefined || trashed === undefined) return { outcome: 'missing' };
  if (!isExpected(trashed, expected)) return { outcome: 'mismatch', current: trashed };
  const task = Object.freeze({ ...restoredTask(trashed, at), revision: nextRevision(record, user) });
  record.trash.delete(id);
  record.deletions.delete(id);
  record.tasks.set(id, task);
  return { outcome: 'restored', task };
};
