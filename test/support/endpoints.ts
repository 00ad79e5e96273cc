import { completeTask } from '../../src/application/complete-task.ts';
import { createTask } from '../../src/application/create-task.ts';
import { deleteTask } from '../../src/application/delete-task.ts';
import { getTask } from '../../src/application/get-task.ts';
import { listTasksForUser } from '../../src/application/list-tasks-for-user.ts';
import { updateTask } from '../../src/application/update-task.ts';
import { memoryTaskRepository } from '../../src/infrastructure/memory/task-repository.ts';
import type { Endpoint } from '../../src/interfaces/http/endpoint.ts';
import { taskEndpoints } from '../../src/interfaces/http/task-controller.ts';
import { anEnvironment } from './tasks.ts';

/** The list that the service routes, over a store that nobody uses: for those who want to know what there is. */
export const endpointList = (): readonly Endpoint[] => {
  const deps = { tasks: memoryTaskRepository(), environment: anEnvironment() };
  const update = updateTask(deps);
  return taskEndpoints({
    createTask: createTask(deps),
    getTask: getTask(deps),
    listTasksForUser: listTasksForUser(deps),
    updateTask: update,
    completeTask: completeTask({ updateTask: update }),
    deleteTask: deleteTask(deps),
  });
};
