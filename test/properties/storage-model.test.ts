import { expect } from 'chai';
import fc from 'fast-check';
import type { TaskRepository } from '../../src/application/ports/task-repository.ts';
import { memoryTaskRepository } from '../../src/infrastructure/memory/task-repository.ts';
import { withConcurrentWrites } from '../support/postgres/with-concurrent-writes.ts';
import { operation, run, type Operation } from '../support/tasks/operations.ts';
import { postgresRepository, type PostgresRepository } from '../support/postgres/postgres-repository.ts';
import { runs, seed } from '../support/runs.ts';
import { anOwner } from '../support/tasks/tasks.ts';

describe('a sequence of operations on every store', function () {
  const tries = runs(60);
  this.timeout(30_000 + tries * 500);
  let postgres: PostgresRepository;
  let batched: PostgresRepository;
  before(async () => {
    postgres = await postgresRepository();
    batched = await postgresRepository();
  });
  after(async () => {
    await batched.close();
    await postgres.close();
  });

  /** The model is the memory repository, because it is simple enough to review. */
  const expectSameResults = async (operations: readonly Operation[]): Promise<void> => {
    const owners = [anOwner(), anOwner({ email: 'b@example.com' })];
    const expected = await run(memoryTaskRepository(), owners, operations);
    const others: readonly (readonly [string, TaskRepository])[] = [
      ['PostgreSQL', postgres.tasks],
      ['PostgreSQL, in batches with other users', await withConcurrentWrites(batched.tasks)],
    ];
    for (const [name, tasks] of others) {
      expect(await run(tasks, owners, operations), name).to.deep.equal(expected);
    }
  };

  it('given random operations in random order: the same results as in memory', () =>
    fc.assert(fc.asyncProperty(fc.array(operation, { maxLength: 40 }), expectSameResults), {
      numRuns: tries,
      ...seed,
    }));
});
