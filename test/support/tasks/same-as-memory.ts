import { expect } from 'chai';
import type { TaskRepository } from '../../../src/application/ports/task-repository.ts';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { run, type Operation } from './operations.ts';
import { anOwner } from './tasks.ts';

/** The model is the memory repository, because it is simple enough to review. */
export const expectSameAsMemory = async (
  repositories: Readonly<Record<string, TaskRepository>>,
  operations: readonly Operation[],
): Promise<void> => {
  const owners = [anOwner(), anOwner({ email: 'b@example.com' })];
  const expected = await run(memoryTaskRepository(), owners, operations);
  for (const [name, tasks] of Object.entries(repositories))
    expect(await run(tasks, owners, operations), name).to.deep.equal(expected);
};
