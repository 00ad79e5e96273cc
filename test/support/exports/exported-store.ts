import { exportTasks, type ExportedPage } from '../../../src/application/export-tasks.ts';
import type { TaskId } from '../../../src/domain/task.ts';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { anOwner, aTask, instant } from '../tasks/tasks.ts';
import { readExport } from './read-export.ts';

/** A store with these numbers of tasks and of deleted tasks of one user, and what reads and changes them. */
export const exportedStore = async (taskCount: number, trashCount: number) => {
  const store = memoryTaskRepository();
  const owner = anOwner();
  const lists: number[] = [];
  const list: typeof store.list = (user, query) => {
    lists.push(query.limit);
    return store.list(user, query);
  };
  const begin = exportTasks({ tasks: { list }, trash: store.trash, changes: store });
  const ids: TaskId[] = [];
  for (let n = 0; n < taskCount + trashCount; n += 1) {
    const { id } = await store.add(owner, aTask({ createdAt: instant(n), completed: n % 3 === 0 }));
    ids.push(id);
  }
  const remove = (id: TaskId) => store.remove(owner, id, instant(9_999));
  const restore = (id: TaskId) => store.trash.restore(owner, id, instant(9_999));
  const trashed = ids.splice(taskCount / 2, trashCount); // in the middle of the list
  for (const id of trashed) await remove(id);
  return {
    store,
    owner,
    lists,
    kept: ids.toReversed(),
    trashed: trashed.toReversed(),
    remove,
    restore,
    purge: (id: TaskId) => store.trash.purge(owner.id, id),
    /** Runs `action` once, after the first page for which `when` is true. */
    exportWhile: (when: (page: ExportedPage) => boolean, action: () => Promise<unknown>) => {
      let isDone = false;
      return readExport(begin(owner.id), async (page) => {
        if (isDone || !when(page)) return;
        isDone = true;
        await action();
      });
    },
    begin: () => begin(owner.id),
  };
};

export const atTasks = ({ section, tasks }: ExportedPage): boolean => section === 'tasks' && tasks.length > 0;
export const atTrash = ({ section }: ExportedPage): boolean => section === 'trash';
