import type { TaskPage, TaskQuery, TaskRepository } from '../../../src/application/ports/task-repository.ts';
import { directions, type TaskOrder } from '../../../src/domain/task-order.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { UserId } from '../../../src/domain/user.ts';

/** All orders of lists, each in both directions. */
export const orders: readonly TaskOrder[] = (
  ['createdAt', 'updatedAt', 'title', 'dueDate', 'priority'] as const
).flatMap((by) => directions.map((direction) => ({ by, direction })));

/** Reads all pages of a query, and calls `betweenPages` before each page but the first. */
export const readPages = async (
  tasks: TaskRepository,
  owner: UserId,
  query: TaskQuery,
  betweenPages: () => Promise<unknown> = () => Promise.resolve(),
): Promise<TaskPage[]> => {
  const found = [await tasks.list(owner, query)];
  for (let next = found[0]?.next; next; next = found.at(-1)?.next) {
    await betweenPages();
    found.push(await tasks.list(owner, { ...query, after: next }));
  }
  return found;
};

/** The titles of the tasks that a query finds, in their order. */
export const listedTitles = async (
  tasks: TaskRepository,
  owner: UserId,
  query: TaskQuery,
): Promise<readonly string[]> => titlesOf((await tasks.list(owner, query)).tasks);

export const titlesOf = (tasks: readonly Task[]): readonly string[] => tasks.map((task) => task.title);
