import { TaskholdError } from '../domain/errors.ts';
import { taskSelection } from '../domain/task-list.ts';
import type { Position } from '../domain/task-order.ts';
import type { Revision, Task, TaskId, TrashedTask } from '../domain/task.ts';
import type { UserId } from '../domain/user.ts';
import type { Change, ChangeFeed } from './ports/change-feed.ts';
import type { TaskPage, TaskRepository } from './ports/task-repository.ts';
import type { Trash, TrashPage } from './ports/trash.ts';

/** A page of the tasks, or of the trash, of a user; it can be empty. */
export type ExportedPage =
  | { readonly section: 'tasks'; readonly tasks: readonly Task[] }
  | { readonly section: 'trash'; readonly tasks: readonly TrashedTask[] };

/**
 * Reads all tasks of the user, newest first, and then all in their trash, latest deletion first, a page at a time: each when the one
 * before it is used up. Tasks that were added or restored behind the page of their place come last. No task is repeated in a section.
 *
 * A task that exists throughout is in one of the sections, or in both, however often it is deleted and restored meanwhile. Throws
 * `revision_expired` where that is not possible, because a task was restored after the tasks and before its page of the trash were
 * read; otherwise as the ports reject.
 */
export type ExportTasks = (user: UserId) => AsyncGenerator<ExportedPage, void>;

interface ExportDependencies {
  readonly tasks: Pick<TaskRepository, 'list'>;
  readonly trash: Pick<Trash, 'list'>;
  readonly changes: ChangeFeed;
}

/** At most about 500 kB in memory, with the longest texts. */
const pageSize = 100;
/** Of these pages few tasks are sent, or only the ids are kept. At most about 5 MB in memory. */
const largePageSize = 1_000;

/** Creates {@link ExportTasks}. Keeps the ids of all tasks that were sent or are in the trash in memory, about 100 bytes each. */
export const exportTasks = (deps: ExportDependencies): ExportTasks =>
  async function* (user) {
    const { revision } = await readTasks(deps, user, null, 1);
    /** Ids of tasks that are not in the export so far; complete once the first changes are read. */
    const missing = new Set<TaskId>();
    // Each page has a time limit of its own. So one that only adds ids is an empty page of the export.
    for await (const page of trashPages(deps, user, largePageSize)) {
      for (const { id } of page) missing.add(id);
      yield { section: 'tasks', tasks: [] };
    }
    const sent = new Set<TaskId>();
    for await (const tasks of taskPages(deps, user)) {
      for (const { id } of tasks) sent.add(id);
      yield { section: 'tasks', tasks };
    }
    for (const id of sent) missing.delete(id);
    for await (const changes of newChanges({ user, changes: deps.changes, since: revision })) {
      for (const { id } of changes) if (!sent.has(id)) missing.add(id);
      yield { section: 'tasks', tasks: [] };
    }
    // Reads the same changes again: only tasks that existed by now are sent, or a client that adds them could keep this going.
    const feed = { user, changes: deps.changes, since: revision };
    for await (const changes of newChanges(feed))
      yield {
        section: 'tasks',
        tasks: changes.flatMap(({ task }) => (task && missing.delete(task.id) ? task : [])),
      };
    for await (const tasks of trashPages(deps, user, pageSize)) {
      for (const { id } of tasks) missing.delete(id);
      yield { section: 'trash', tasks };
    }
    // A purge takes no revision: what is missing and has changed was restored.
    for await (const changes of newChanges(feed)) {
      if (changes.some(({ id }) => missing.has(id))) throw restoredMeanwhile();
      yield { section: 'trash', tasks: [] };
    }
  };

const readTasks = (
  { tasks }: ExportDependencies,
  user: UserId,
  after: Position | null,
  limit: number,
): Promise<TaskPage> =>
  tasks.list(user, { selection: taskSelection(), limit, after, offset: 0, count: false });

async function* taskPages(deps: ExportDependencies, user: UserId): AsyncGenerator<readonly Task[], void> {
  let after: Position | null = null;
  do {
    const page: TaskPage = await readTasks(deps, user, after, pageSize);
    yield page.tasks;
    after = page.next;
  } while (after !== null);
}

async function* trashPages(
  { trash }: ExportDependencies,
  user: UserId,
  limit: number,
): AsyncGenerator<readonly TrashedTask[], void> {
  let before: Revision | null = null;
  do {
    const page: TrashPage = await trash.list(user, { limit, before });
    yield page.tasks;
    before = page.next;
  } while (before !== null);
}

/**
 * Reads the changes after `since` up to the last, and leaves it there. Pages are large, so that they are read faster than a client can
 * write. A fixed end is no choice: a task that changes meanwhile moves behind it, and would not be found.
 */
async function* newChanges(feed: {
  readonly user: UserId;
  readonly changes: ChangeFeed;
  since: Revision;
}): AsyncGenerator<readonly Change[], void> {
  for (let hasMore = true; hasMore;) {
    const { changes, revision, ...page } = await feed.changes.after(feed.user, feed.since, largePageSize);
    feed.since = changes.at(-1)?.revision ?? revision;
    yield changes;
    ({ hasMore } = page);
  }
}

const restoredMeanwhile = (): TaskholdError =>
  new TaskholdError('revision_expired', 'Tasks were restored while the trash was exported. Export again.');
