import { completeTask, type CompleteTask } from './complete-task.ts';
import { createTask, type CreateTask } from './create-task.ts';
import { deleteTask, type DeleteTask } from './delete-task.ts';
import { getCurrentUser, type GetCurrentUser } from './get-current-user.ts';
import { getTask, type GetTask } from './get-task.ts';
import { listTasksForUser, type ListTasksForUser } from './list-tasks-for-user.ts';
import type { ClockAndIds } from './ports/clock-and-ids.ts';
import type { UserReader } from './ports/user-reader.ts';
import type { TaskRepository } from './ports/task-repository.ts';
import { updateTask, type UpdateTask } from './update-task.ts';

/** All use cases. An inbound adapter depends only on those that it calls. */
export interface UseCases {
  readonly createTask: CreateTask;
  readonly getTask: GetTask;
  readonly listTasksForUser: ListTasksForUser;
  readonly updateTask: UpdateTask;
  readonly completeTask: CompleteTask;
  readonly deleteTask: DeleteTask;
  readonly getCurrentUser: GetCurrentUser;
}

/** The adapters that the use cases call. */
export interface UseCaseDependencies {
  readonly tasks: TaskRepository;
  readonly users: UserReader;
  readonly clockAndIds: ClockAndIds;
}

/** Creates all use cases with these adapters. */
export const createUseCases = (dependencies: UseCaseDependencies): UseCases => {
  const update = updateTask(dependencies);
  return {
    createTask: createTask(dependencies),
    getTask: getTask(dependencies),
    listTasksForUser: listTasksForUser(dependencies),
    updateTask: update,
    completeTask: completeTask({ updateTask: update }),
    deleteTask: deleteTask(dependencies),
    getCurrentUser: getCurrentUser(dependencies),
  };
};
