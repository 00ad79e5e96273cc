import type { TaskRepository } from '../../../src/application/ports/task-repository.ts';
import { anOwner, aTask, instant } from '../tasks/tasks.ts';

/** The repository, where every write is asked for at the same moment as those of two others, who have tasks already. */
export const inCompany = async (tasks: TaskRepository): Promise<TaskRepository> => {
  const company = [anOwner(), anOwner()];
  const theirs = await Promise.all(
    company.map(async (owner) => ({ owner, task: await tasks.add(owner, aTask()) })),
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
        company.map((other) => tasks.add(other, aTask())),
      ),
    change: (owner, id, change, at, expected) =>
      withThem(
        tasks.change(owner, id, change, at, expected),
        theirs.map((other) => tasks.change(other.owner, other.task.id, { completed: 'toggle' }, instant(0))),
      ),
  };
};
