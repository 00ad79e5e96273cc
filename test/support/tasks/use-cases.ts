import type { TaskDraft } from '../../../src/domain/task.ts';
import type { User } from '../../../src/domain/user.ts';
import { createUseCases, type UseCases } from '../../../src/application/use-cases.ts';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { manualScheduler } from '../manual-scheduler.ts';
import { fixedClockAndIds } from './tasks.ts';

/** All use cases on one memory store, with a clock that the test sets. Writes without a key return the task alone. */
export const useCases = () => {
  const tasks = memoryTaskRepository();
  const clockAndIds = fixedClockAndIds();
  const use = createUseCases({
    tasks,
    trash: tasks.trash,
    users: tasks,
    changes: tasks,
    clockAndIds,
    scheduler: manualScheduler(),
    observe: () => undefined,
  });
  return {
    use,
    clockAndIds,
    create: async (user: User, draft: TaskDraft) => (await use.createTask(user, draft)).task,
    get: use.getTask,
    list: use.listTasksForUser,
    update: async (...args: Parameters<UseCases['updateTask']>) => (await use.updateTask(...args)).task,
    complete: async (...args: Parameters<UseCases['completeTask']>) => (await use.completeTask(...args)).task,
    remove: use.deleteTask,
    listTrash: use.listTrash,
    restore: use.restoreTask,
    purge: use.purgeTask,
    emptyTrash: use.emptyTrash,
    currentUser: use.getCurrentUser,
    changes: use.listChanges,
  };
};
