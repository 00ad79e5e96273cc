import { completeTask, type CompleteTask } from './complete-task.ts';
import { createTask, type CreateTask } from './create-task.ts';
import { deleteTask, type DeleteTask } from './delete-task.ts';
import { eraseCurrentUser, type EraseCurrentUser } from './erase-current-user.ts';
import { exportTasks, type ExportTasks } from './export-tasks.ts';
import { followRevisions, type FollowRevisions } from './follow-revisions.ts';
import { getCurrentUser, type GetCurrentUser } from './get-current-user.ts';
import { getTask, type GetTask } from './get-task.ts';
import { listChanges, type ListChanges } from './list-changes.ts';
import { listTasksForUser, type ListTasksForUser } from './list-tasks-for-user.ts';
import type { ChangeFeed } from './ports/change-feed.ts';
import type { ClockAndIds } from './ports/clock-and-ids.ts';
import type { UserStore } from './ports/user-store.ts';
import type { Observer } from './ports/observer.ts';
import type { Scheduler } from './ports/scheduler.ts';
import type { TaskRepository } from './ports/task-repository.ts';
import type { Trash } from './ports/trash.ts';
import { emptyTrash, type EmptyTrash } from './trash/empty-trash.ts';
import { listTrash, type ListTrash } from './trash/list-trash.ts';
import { purgeTask, type PurgeTask } from './trash/purge-task.ts';
import { restoreTask, type RestoreTask } from './trash/restore-task.ts';
import { updateTask, type UpdateTask } from './update-task.ts';

/** All use cases. An inbound adapter depends only on those that it calls. */
export interface UseCases {
  readonly createTask: CreateTask;
  readonly getTask: GetTask;
  readonly listTasksForUser: ListTasksForUser;
  readonly updateTask: UpdateTask;
  readonly completeTask: CompleteTask;
  readonly deleteTask: DeleteTask;
  readonly listTrash: ListTrash;
  readonly restoreTask: RestoreTask;
  readonly purgeTask: PurgeTask;
  readonly emptyTrash: EmptyTrash;
  readonly getCurrentUser: GetCurrentUser;
  readonly eraseCurrentUser: EraseCurrentUser;
  readonly listChanges: ListChanges;
  readonly followRevisions: FollowRevisions;
  readonly exportTasks: ExportTasks;
}

/** The adapters that the use cases call. */
export interface UseCaseDependencies {
  readonly tasks: TaskRepository;
  readonly trash: Trash;
  readonly users: UserStore;
  readonly changes: ChangeFeed;
  readonly clockAndIds: ClockAndIds;
  readonly scheduler: Scheduler;
  readonly observe: Observer;
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
    listTrash: listTrash(dependencies),
    restoreTask: restoreTask(dependencies),
    purgeTask: purgeTask(dependencies),
    emptyTrash: emptyTrash(dependencies),
    getCurrentUser: getCurrentUser(dependencies),
    eraseCurrentUser: eraseCurrentUser(dependencies),
    listChanges: listChanges(dependencies),
    followRevisions: followRevisions(dependencies),
    exportTasks: exportTasks(dependencies),
  };
};
