import type { UserReader, UserSummary } from '../../application/ports/user-reader.ts';
import type {
  ExpectedRevisions,
  NewTask,
  Position,
  TaskPage,
  TaskQuery,
  TaskRepository,
} from '../../application/ports/task-repository.ts';
import type { Owner, UserId } from '../../domain/user.ts';
import {
  isRevision,
  type Instant,
  type Revision,
  type Task,
  type TaskChange,
  type TaskId,
} from '../../domain/task.ts';
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

  const write = (owner: Owner, task: Omit<Task, 'revision'>): Task => {
    const record = records.get(owner.id) ?? newRecord(task.createdAt);
    refuseUnstorable(task.title, task.description);
    const kept = Object.freeze({ ...task, revision: nextRevision(record, owner) });
    record.tasks.set(task.id, kept);
    records.set(owner.id, record);
    return kept;
  };

  return {
    add: (owner: Owner, { id, title, description, completed, createdAt }: NewTask) => {
      if (records.get(owner.id)?.tasks.has(id) === true)
        return Promise.reject(new Error('duplicate task id'));
      const task = { id, owner: owner.id, title, description, completed, createdAt, updatedAt: createdAt };
      return attempt(() => write(owner, task));
    },

    find: (owner, id) => Promise.resolve(records.get(owner)?.tasks.get(id) ?? null),

    list: (owner, query) => Promise.resolve(page(records.get(owner), query)),

    change: (owner, id, change, at, expected) => {
      const task = records.get(owner.id)?.tasks.get(id);
      if (task === undefined) return Promise.resolve({ outcome: 'missing' });
      if (!matches(task, expected)) return Promise.resolve({ outcome: 'mismatch', current: task });
      return attempt(() => ({ outcome: 'changed', task: write(owner, applied(task, change, at)) }));
    },

    remove: (owner, id, expected) => {
      const record = records.get(owner.id);
      const task = record?.tasks.get(id);
      if (record === undefined || task === undefined) return Promise.resolve({ outcome: 'missing' });
      if (!matches(task, expected)) return Promise.resolve({ outcome: 'mismatch', current: task });
      nextRevision(record, owner);
      record.tasks.delete(id);
      return Promise.resolve({ outcome: 'removed' });
    },

    summary: (owner) => Promise.resolve(summaryOf(records.get(owner))),
  };
};

const newRecord = (createdAt: Instant): UserRecord => ({
  revision: zero,
  email: null,
  displayName: null,
  createdAt,
  tasks: new Map(),
});

/** Increments the counter, and stores the owner's profile as far as the token has it. */
const nextRevision = (record: UserRecord, { email, displayName }: Owner): Revision => {
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

const applied = (task: Task, change: TaskChange, at: Instant): Task => ({
  ...task,
  title: change.title ?? task.title,
  description: change.description === undefined ? task.description : change.description,
  completed: change.completed === 'toggle' ? !task.completed : (change.completed ?? task.completed),
  updatedAt: at > task.updatedAt ? at : task.updatedAt,
});

const page = (record: UserRecord | undefined, query: TaskQuery): TaskPage => {
  const found = [...(record?.tasks.values() ?? [])]
    .filter((task) => query.status === 'all' || task.completed === (query.status === 'completed'))
    .filter((task) => query.after === null || newestFirst(query.after, task) < 0)
    .sort(newestFirst);
  const tasks = found.slice(0, query.limit);
  const last = tasks.at(-1);
  const next = found.length > query.limit && last ? { createdAt: last.createdAt, id: last.id } : null;
  return { tasks, next, revision: record?.revision ?? zero };
};

const newestFirst = (a: Position, b: Position): number =>
  compare(b.createdAt, a.createdAt) || compare(b.id, a.id);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

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
