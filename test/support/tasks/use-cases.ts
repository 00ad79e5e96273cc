import { createUseCases } from '../../../src/application/use-cases.ts';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { fixedClockAndIds } from './tasks.ts';

/** All use cases on one memory store, with a clock that the test sets. */
export const useCases = () => {
  const tasks = memoryTaskRepository();
  const clockAndIds = fixedClockAndIds();
  const use = createUseCases({ tasks, users: tasks, clockAndIds });
  return {
    clockAndIds,
    create: use.createTask,
    get: use.getTask,
    list: use.listTasksForUser,
    update: use.updateTask,
    complete: use.completeTask,
    remove: use.deleteTask,
    currentUser: use.getCurrentUser,
  };
};
