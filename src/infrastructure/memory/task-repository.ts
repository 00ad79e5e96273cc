import type { UserReader, UserSummary } from '../../application/ports/user-reader.ts';
import type {
  ExpectedRevisions,
  NewTask,
  TaskPage,
  TaskQuery,
  TaskRepository,
} from '../../application/ports/task-repository.ts';
import type { User, UserId } from '../../domain/user.ts';
import type { Instant } from '../../domain/instant.ts';
import { applyChange, isRevision, type Revision, type Task, type TaskId } from '../../domain/task.ts';
import { matchesFilter } from '../../domain/task-filter.ts';
import { comparePositions, positionOf } from '../../domain/task-order.ts';
import { refuseUnstorable } from '../../domain/text.ts';

interface UserRecord {
  revision: Revision;
  email: string | null;
  displayName: string | null;
  readonly createdAt: Instant;
  readonly tasks: Map<TaskId, Task>;
}

/** Stores tasks for as long as the process runs. Input is copied, results are frozen. */
export const memoryTaskRepository = (): TaskRepository & UserReader => {
  const records = new Map<UserId, UserRecord>();

  const write = (user: User, task: Omit<Task, 'revision'>): Task => {
    const record = records.get(user.id) ?? newRecord(task.createdAt);
    refuseUnstorable(Object.values(task));
    const stored = Object.freeze({ ...task, revision: nextRevision(record, user) });
    record.tasks.set(task.id, stored);
    records.set(user.id, record);
    return stored;
  };

  return {
    add: (user: User, task: NewTask) => {
      if (records.get(user.id)?.tasks.has(task.id) === true)
        return Promise.reject(new Error('duplicate task id'));
      return attempt(() => write(user, { ...task, owner: user.id, updatedAt: task.createdAt }));
    },

    find: (user, id) => Promise.resolve(records.get(user)?.tasks.get(id) ?? null),

    list: (user, query) => Promise.resolve(page(records.get(user), query)),

    change: (user, id, change, at, expected) => {
      const task = records.get(user.id)?.tasks.get(id);
      if (task === undefined) return Promise.resolve({ outcome: 'missing' });
      if (!matches(task, expected)) return Promise.resolve({ outcome: 'mismatch', current: task });
      return attempt(() => ({ outcome: 'changed', task: write(user, applyChange(task, change, at)) }));
    },

    remove: (user, id, expected) => {
      const record = records.get(user.id);
      const task = record?.tasks.get(id);
      if (record === undefined || task === undefined) return Promise.resolve({ outcome: 'missing' });
      if (!matches(task, expected)) return Promise.resolve({ outcome: 'mismatch', current: task });
      nextRevision(record, user);
      record.tasks.delete(id);
      return Promise.resolve({ outcome: 'removed' });
    },

    summary: (user) => Promise.resolve(summaryOf(records.get(user))),
  };
};

const newRecord = (createdAt: Instant): UserRecord => ({
  revision: zero,
  email: null,
  displayName: null,
  createdAt,
  tasks: new Map(),
});

/** Increments the counter, and stores the user's profile as far as the token has it. */
const nextRevision = (record: UserRecord, { email, displayName }: User): Revision => {
  record.revision = after(record.revision);
  record.email = email ?? record.email;
  record.displayName = displayName ?? record.displayName;
  return record.revision;
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

const matches = (task: Task, expected: ExpectedRevisions | undefined): boolean =>
  expected === undefined || expected.includes(task.revision);

const revision = (value: number): Revision => {
  if (!isRevision(value)) throw new RangeError(`${value} is no revision`);
  return value;
};
const zero = revision(0);
const after = (current: Revision): Revision => revision(current + 1);

const attempt = <Result>(work: () => Result): Promise<Result> =>
  new Promise((resolve) => {
    resolve(work());
  });
