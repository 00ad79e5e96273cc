import type { TaskRepository } from '../../../src/application/ports/task-repository.ts';
import { anOwner, aTask, instant } from '../tasks/tasks.ts';

/** Calls every write at the same time as writes of two other users who have tasks, so that they share a batch. */
export const withConcurrentWrites = async (tasks: TaskRepository): Promise<TaskRepository> => {
  const otherUsers = [anOwner(), anOwner()];
  const theirs = await Promise.all(
    otherUsers.map(async (owner) => ({ owner, task: await tasks.add(owner, aTask()) })),
  );
  const withThem = async <Result>(work: Promise<Result>, others: readonly Promise<unknown>[]) => {
    const [result] = await Promise.allSettled([work, ...others]);
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  };
  return {
    ...tasks,
    add: (owner, task) =>
      withThem(
        tasks.add(owner, task),
        otherUsers.map((other) => tasks.add(other, aTask())),
      ),
    change: (owner, id, change, at, expected) =>
      withThem(
        tasks.change(owner, id, change, at, expected),
        theirs.map((other) => tasks.change(other.owner, other.task.id, { completed: 'toggle' }, instant(0))),
      ),
  };
};
