import { completeTask } from './application/complete-task.ts';
import { createTask } from './application/create-task.ts';
import { deleteTask } from './application/delete-task.ts';
import { describeUser } from './application/describe-user.ts';
import { getTask } from './application/get-task.ts';
import { listTasksForUser } from './application/list-tasks-for-user.ts';
import type { Environment } from './application/ports/environment.ts';
import type { OwnerReader } from './application/ports/owner-reader.ts';
import type { TaskRepository } from './application/ports/task-repository.ts';
import { updateTask } from './application/update-task.ts';
import type { UseCases } from './interfaces/http/api-resources.ts';

export interface UseCaseParts {
  readonly tasks: TaskRepository;
  readonly owners: OwnerReader;
  readonly environment: Environment;
}

/** Everything that the service can do, on these parts. */
export const createUseCases = (parts: UseCaseParts): UseCases => {
  const update = updateTask(parts);
  return {
    createTask: createTask(parts),
    getTask: getTask(parts),
    listTasksForUser: listTasksForUser(parts),
    updateTask: update,
    completeTask: completeTask({ updateTask: update }),
    deleteTask: deleteTask(parts),
    describeUser: describeUser(parts),
  };
};
