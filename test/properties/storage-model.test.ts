import { expect } from 'chai';
import fc from 'fast-check';
import type { TaskRepository } from '../../src/application/ports/task-repository.ts';
import { memoryTaskRepository } from '../../src/infrastructure/memory/task-repository.ts';
import { withConcurrentWrites } from '../support/postgres/alongside-others.ts';
import { operation, run, type Operation } from '../support/tasks/operations.ts';
import { postgresRepository, type PostgresRepository } from '../support/postgres/postgres-repository.ts';
import { runs, seed } from '../support/runs.ts';
import { anOwner } from '../support/tasks/tasks.ts';

describe('any sequence of operations gives the same on every store', function () {
  const tries = runs(60);
  this.timeout(30_000 + tries * 500);
  let postgres: PostgresRepository;
  let crowded: PostgresRepository;
  before(async () => {
    postgres = await postgresRepository();
    crowded = await postgresRepository();
  });
  after(async () => {
    await crowded.close();
    await postgres.close();
  });

  /** The model is the store in memory, which is simple enough to be read and believed. */
  const agrees = async (operations: readonly Operation[]): Promise<void> => {
    const owners = [anOwner(), anOwner({ email: 'b@example.com' })];
    const expected = await run(memoryTaskRepository(), owners, operations);
    const others: readonly (readonly [string, TaskRepository])[] = [
      ['PostgreSQL', postgres.tasks],
      ['PostgreSQL, in company', await withConcurrentWrites(crowded.tasks)],
    ];
    for (const [name, tasks] of others) {
      expect(await run(tasks, owners, operations), name).to.deep.equal(expected);
    }
  };

  it('whatever is called, in whatever order', () =>
    fc.assert(fc.asyncProperty(fc.array(operation, { maxLength: 40 }), agrees), { numRuns: tries, ...seed }));
});
