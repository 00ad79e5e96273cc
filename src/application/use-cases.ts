import { completeTask, type CompleteTask } from './complete-task.ts';
import { createTask, type CreateTask } from './create-task.ts';
import { deleteTask, type DeleteTask } from './delete-task.ts';
import { describeUser, type DescribeUser } from './describe-user.ts';
import { getTask, type GetTask } from './get-task.ts';
import { listTasksForUser, type ListTasksForUser } from './list-tasks-for-user.ts';
import type { Environment } from './ports/environment.ts';
import type { OwnerReader } from './ports/owner-reader.ts';
import type { TaskRepository } from './ports/task-repository.ts';
import { updateTask, type UpdateTask } from './update-task.ts';

/** Everything that the service can do; an inbound adapter takes the part of it that it needs. */
export interface UseCases {
  readonly createTask: CreateTask;
  readonly getTask: GetTask;
  readonly listTasksForUser: ListTasksForUser;
  readonly updateTask: UpdateTask;
  readonly completeTask: CompleteTask;
  readonly deleteTask: DeleteTask;
  readonly describeUser: DescribeUser;
}

export interface UseCaseDependencies {
  readonly tasks: TaskRepository;
  readonly owners: OwnerReader;
  readonly environment: Environment;
}

/** All use cases on these adapters. */
export const createUseCases = (dependencies: UseCaseDependencies): UseCases => {
  const update = updateTask(dependencies);
  return {
    createTask: createTask(dependencies),
    getTask: getTask(dependencies),
    listTasksForUser: listTasksForUser(dependencies),
    updateTask: update,
    completeTask: completeTask({ updateTask: update }),
    deleteTask: deleteTask(dependencies),
    describeUser: describeUser(dependencies),
  };
};
