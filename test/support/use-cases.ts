import { completeTask } from '../../src/application/complete-task.ts';
import { createTask } from '../../src/application/create-task.ts';
import { deleteTask } from '../../src/application/delete-task.ts';
import { getTask } from '../../src/application/get-task.ts';
import { listTasksForUser } from '../../src/application/list-tasks-for-user.ts';
import { updateTask } from '../../src/application/update-task.ts';
import { memoryTaskRepository } from '../../src/infrastructure/memory/task-repository.ts';
import { anEnvironment } from './tasks.ts';

/** All use cases on one memory store and one clock of the test's. */
export const useCases = () => {
  const deps = { tasks: memoryTaskRepository(), environment: anEnvironment() };
  const update = updateTask(deps);
  return {
    environment: deps.environment,
    create: createTask(deps),
    get: getTask(deps),
    list: listTasksForUser(deps),
    update,
    complete: completeTask({ updateTask: update }),
    remove: deleteTask(deps),
  };
};
