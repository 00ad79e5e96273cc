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

interface Shelf {
  revision: Revision;
  email: string | null;
  displayName: string | null;
  readonly createdAt: Instant;
  readonly tasks: Map<TaskId, Task>;
}

/** Keeps tasks for as long as the process runs. Everything is copied on its way in; what goes out is frozen. */
export const memoryTaskRepository = (): TaskRepository & UserReader => {
  const shelves = new Map<UserId, Shelf>();

  const write = (owner: Owner, task: Omit<Task, 'revision'>): Task => {
    const shelf = shelves.get(owner.id) ?? newShelf(task.createdAt);
    refuseUnstorable(task.title, task.description);
    const kept = Object.freeze({ ...task, revision: take(shelf, owner) });
    shelf.tasks.set(task.id, kept);
    shelves.set(owner.id, shelf);
    return kept;
  };

  return {
    add: (owner: Owner, { id, title, description, completed, createdAt }: NewTask) => {
      if (shelves.get(owner.id)?.tasks.has(id) === true)
        return Promise.reject(new Error('duplicate task id'));
      const task = { id, owner: owner.id, title, description, completed, createdAt, updatedAt: createdAt };
      return attempt(() => write(owner, task));
    },

    find: (owner, id) => Promise.resolve(shelves.get(owner)?.tasks.get(id) ?? null),

    list: (owner, query) => Promise.resolve(page(shelves.get(owner), query)),

    change: (owner, id, change, at, expected) => {
      const task = shelves.get(owner.id)?.tasks.get(id);
      if (task === undefined) return Promise.resolve({ outcome: 'missing' });
      if (!matches(task, expected)) return Promise.resolve({ outcome: 'mismatch', current: task });
      return attempt(() => ({ outcome: 'changed', task: write(owner, applied(task, change, at)) }));
    },

    remove: (owner, id, expected) => {
      const shelf = shelves.get(owner.id);
      const task = shelf?.tasks.get(id);
      if (shelf === undefined || task === undefined) return Promise.resolve({ outcome: 'missing' });
      if (!matches(task, expected)) return Promise.resolve({ outcome: 'mismatch', current: task });
      take(shelf, owner);
      shelf.tasks.delete(id);
      return Promise.resolve({ outcome: 'removed' });
    },

    summary: (owner) => Promise.resolve(summaryOf(shelves.get(owner))),
  };
};

const newShelf = (createdAt: Instant): Shelf => ({
  revision: zero,
  email: null,
  displayName: null,
  createdAt,
  tasks: new Map(),
});

/** The next revision; the owner's profile goes with it. */
const take = (shelf: Shelf, { email, displayName }: Owner): Revision => {
  shelf.revision = after(shelf.revision);
  shelf.email = email ?? shelf.email;
  shelf.displayName = displayName ?? shelf.displayName;
  return shelf.revision;
};

const summaryOf = (shelf: Shelf | undefined): UserSummary => {
  const completed = [...(shelf?.tasks.values() ?? [])].filter((task) => task.completed).length;
  return {
    email: shelf?.email ?? null,
    displayName: shelf?.displayName ?? null,
    createdAt: shelf?.createdAt ?? null,
    pending: (shelf?.tasks.size ?? 0) - completed,
    completed,
    revision: shelf?.revision ?? zero,
  };
};

const applied = (task: Task, change: TaskChange, at: Instant): Task => ({
  ...task,
  title: change.title ?? task.title,
  description: change.description === undefined ? task.description : change.description,
  completed: change.completed === 'toggle' ? !task.completed : (change.completed ?? task.completed),
  updatedAt: at > task.updatedAt ? at : task.updatedAt,
});

const page = (shelf: Shelf | undefined, query: TaskQuery): TaskPage => {
  const found = [...(shelf?.tasks.values() ?? [])]
    .filter((task) => query.status === 'all' || task.completed === (query.status === 'completed'))
    .filter((task) => query.after === null || newestFirst(query.after, task) < 0)
    .sort(newestFirst);
  const tasks = found.slice(0, query.limit);
  const last = tasks.at(-1);
  const next = found.length > query.limit && last ? { createdAt: last.createdAt, id: last.id } : null;
  return { tasks, next, revision: shelf?.revision ?? zero };
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
