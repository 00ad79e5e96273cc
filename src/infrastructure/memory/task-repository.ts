import type { ChangeFeed } from '../../application/ports/change-feed.ts';
import type { UserStore, UserSummary } from '../../application/ports/user-store.ts';
import type {
  AddResult,
  ChangeResult,
  RemoveResult,
  RestoreResult,
  TaskPage,
  TaskQuery,
  TaskRepository,
} from '../../application/ports/task-repository.ts';
import type { Trash } from '../../application/ports/trash.ts';
import type { User } from '../../domain/user.ts';
import { applyChange, type Task } from '../../domain/task.ts';
import { matchesFilter } from '../../domain/task-filter.ts';
import { comparePositions, positionOf } from '../../domain/task-order.ts';
import { changesAfter } from './changes-after.ts';
import { refuseUnstorable } from '../../domain/text.ts';
import { keptResults } from './kept-results.ts';
import { memoryTrash, restore } from './trash.ts';
import {
  after,
  isExpected,
  newRecord,
  nextRevision,
  zero,
  type UserRecord,
  type UserRecords,
} from './user-record.ts';

/** All tasks of all users; the trash is on the same store. */
interface MemoryTaskRepository extends TaskRepository, UserStore, ChangeFeed {
  readonly trash: Trash;
}

/** A method of the repository, as one step. */
type Sync<Method extends 'add' | 'change' | 'remove'> = (
  ...args: Parameters<TaskRepository[Method]>
) => Awaited<ReturnType<TaskRepository[Method]>>;

interface MemoryOptions {
  readonly hasTrash?: boolean;
  /** The time in milliseconds, by which keys expire. Its origin does not matter. */
  readonly now?: () => number;
}

/**
 * Stores tasks for as long as the process runs. Input is copied, results are frozen. Without a trash, deletions are for good. Keys
 * are never removed.
 */
export const memoryTaskRepository = ({
  hasTrash = true,
  now = () => performance.now(),
}: MemoryOptions = {}): MemoryTaskRepository => {
  const records: UserRecords = new Map();
  const keyed = keptResults(now);
  const addOnce = keyed.keep<AddResult>(() => true);
  const changeOnce = keyed.keep<ChangeResult>(({ outcome }) => outcome === 'changed');
  const restoreOnce = keyed.keep<RestoreResult>(({ outcome }) => outcome === 'restored');
  const removeOnce = keyed.keep<RemoveResult>(({ outcome }) => outcome === 'removed');

  const write = (user: User, task: Omit<Task, 'revision'>): Task => {
    const record = records.get(user.id) ?? newRecord();
    refuseUnstorable(Object.values(task));
    const stored = Object.freeze({ ...task, revision: nextRevision(record, user) });
    record.tasks.set(task.id, stored);
    record.createdAt ??= task.createdAt;
    records.set(user.id, record);
    return stored;
  };

  const add: Sync<'add'> = (user, task) => {
    if (records.get(user.id)?.tasks.has(task.id) === true) throw new Error('duplicate task id');
    return write(user, { ...task, owner: user.id, updatedAt: task.createdAt });
  };

  const change: Sync<'change'> = (user, id, change, at, expected) => {
    const task = records.get(user.id)?.tasks.get(id);
    if (task === undefined) return { outcome: 'missing' };
    if (!isExpected(task, expected)) return { outcome: 'mismatch', current: task };
    return { outcome: 'changed', task: write(user, applyChange(task, change, at)) };
  };

  const remove: Sync<'remove'> = (user, id, at, expected) => {
    const record = records.get(user.id);
    const task = record?.tasks.get(id);
    if (record === undefined || task === undefined) return { outcome: 'missing' };
    if (!isExpected(task, expected)) return { outcome: 'mismatch', current: task };
    const revision = nextRevision(record, user);
    record.deletions.set(id, revision);
    record.tasks.delete(id);
    if (hasTrash) record.trash.set(id, Object.freeze({ ...task, revision, deletedAt: at }));
    return { outcome: 'removed' };
  };

  return {
    add: (...args) => attempt(() => add(...args)),
    find: (user, id) => Promise.resolve(records.get(user)?.tasks.get(id) ?? null),
    list: (user, query) => Promise.resolve(page(records.get(user), query)),
    change: (...args) => attempt(() => change(...args)),
    remove: (...args) => attempt(() => remove(...args)),
    once: (request) => ({
      add: (user, task) => attempt(() => addOnce(user.id, request, () => ({ task: add(user, task) }))),
      change: (user, ...args) => attempt(() => changeOnce(user.id, request, () => change(user, ...args))),
      remove: (user, ...args) => attempt(() => removeOnce(user.id, request, () => remove(user, ...args))),
      restore: (user, ...args) =>
        attempt(() => restoreOnce(user.id, request, () => restore(records, user, ...args))),
    }),

    erase: (user) => {
      const record = records.get(user);
      if (record === undefined) return Promise.resolve();
      records.set(user, newRecord(after(record.revision)));
      keyed.forget(user);
      return Promise.resolve();
    },

    after: (user, since, limit) =>
      Promise.resolve(changesAfter(records.get(user) ?? newRecord(), since, limit)),

    summary: (user) => Promise.resolve(summaryOf(records.get(user))),

    trash: memoryTrash(records),
    revisions: (users) => Promise.resolve(users.map((user) => records.get(user)?.revision ?? zero)),
  };
};

const summaryOf = (record: UserRecord | undefined): UserSummary => {
  const completed = [...(record?.tasks.values() ?? [])].filter((task) => task.completed).length;
  return {
    email: record?.email ?? null,
    displayName: record?.displayName ?? null,
    createdAt: record?.createdAt ?? null,
    pending: (record?.tasks.size ?? 0) - completed,
    completed,
    revision: record?.revision ?? zero,
  };
};

const page = (record: UserRecord | undefined, query: TaskQuery): TaskPage => {
  const { selection, limit, after, offset, count } = query;
  const compare = comparePositions(selection.order);
  const found = [...(record?.tasks.values() ?? [])]
    .filter((task) => matchesFilter(task, selection.filter))
    .map((task) => ({ task, position: positionOf(task, selection.order) }));
  const behind = found
    .filter(({ position }) => after === null || compare(after, position) < 0)
    .sort((a, b) => compare(a.position, b.position));
  const rows = behind.slice(offset, offset + limit);
  const last = rows.at(-1);
  return {
    tasks: rows.map(({ task }) => task),
    next: behind.length > offset + limit && last ? last.position : null,
    total: count ? found.length : null,
    revision: record?.revision ?? zero,
  };
};

const attempt = <Result>(work: () => Result): Promise<Result> =>
  new Promise((resolve) => {
    resolve(work());
  });
