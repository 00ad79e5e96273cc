import { expect } from 'chai';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { run, type Operation, type Store } from './operations.ts';
import { anOwner } from './tasks.ts';

/** The model is the memory repository, because it is simple enough to review. */
export const expectSameAsMemory = async (
  stores: Readonly<Record<string, Store>>,
  operations: readonly Operation[],
): Promise<void> => {
  const owners = [anOwner(), anOwner({ email: 'b@example.com' })];
  const memory = memoryTaskRepository();
  const expected = await run({ tasks: memory, trash: memory.trash }, owners, operations);
  for (const [name, store] of Object.entries(stores))
    expect(await run(store, owners, operations), name).to.deep.equal(expected);
};
