import type { User } from '../domain/user.ts';
import type { TaskId } from '../domain/task.ts';
import type { KeyedRequest } from '../domain/idempotency/keyed-request.ts';
import type { ExpectedRevisions } from './ports/task-repository.ts';
import type { UpdateTask } from './update-task.ts';
import type { WrittenTask } from './written.ts';

/** Sets `completed`, or toggles it where `completed` is undefined. Throws as {@link UpdateTask} does. */
export type CompleteTask = (
  user: User,
  id: TaskId,
  completed: boolean | undefined,
  expected?: ExpectedRevisions,
  request?: KeyedRequest,
) => Promise<WrittenTask>;

/** Creates {@link CompleteTask}. A toggle is one atomic step of the repository. */
export const completeTask =
  (deps: { updateTask: UpdateTask }): CompleteTask =>
  (user, id, completed, expected, request) =>
    deps.updateTask(user, id, { completed: completed ?? 'toggle' }, expected, request);
