import { completeTask } from '../../src/application/complete-task.ts';
import { createTask } from '../../src/application/create-task.ts';
import { deleteTask } from '../../src/application/delete-task.ts';
import { describeUser } from '../../src/application/describe-user.ts';
import { getTask } from '../../src/application/get-task.ts';
import { listTasksForUser } from '../../src/application/list-tasks-for-user.ts';
import { updateTask } from '../../src/application/update-task.ts';
import { memoryTaskRepository } from '../../src/infrastructure/memory/task-repository.ts';
import { apiResources, type ApiResource } from '../../src/interfaces/http/api-resources.ts';
import { anEnvironment } from './tasks.ts';

/** What the service routes below /api, over a store that nobody uses: for those who want to know what there is. */
export const routedResources = (): readonly ApiResource[] => {
  const tasks = memoryTaskRepository();
  const deps = { tasks, environment: anEnvironment() };
  const update = updateTask(deps);
  return apiResources({
    createTask: createTask(deps),
    getTask: getTask(deps),
    listTasksForUser: listTasksForUser(deps),
    updateTask: update,
    completeTask: completeTask({ updateTask: update }),
    deleteTask: deleteTask(deps),
    describeUser: describeUser({ owners: tasks }),
  });
};
