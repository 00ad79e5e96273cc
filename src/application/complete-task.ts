import type { User } from '../domain/user.ts';
import type { Task, TaskId } from '../domain/task.ts';
import type { ExpectedRevisions } from './ports/task-repository.ts';
import type { UpdateTask } from './update-task.ts';

/** Sets `completed`, or toggles it where `completed` is undefined. Throws as {@link UpdateTask} does. */
export type CompleteTask = (
  user: User,
  id: TaskId,
  completed: boolean | undefined,
  expected?: ExpectedRevisions,
) => Promise<Task>;

/** Creates {@link CompleteTask}. A toggle is one atomic step of the repository. */
export const completeTask =
  (deps: { updateTask: UpdateTask }): CompleteTask =>
  (user, id, completed, expected) =>
    deps.updateTask(user, id, { completed: completed ?? 'toggle' }, expected);
