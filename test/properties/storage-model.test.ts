import fc from 'fast-check';
import { withConcurrentWrites } from '../support/postgres/with-concurrent-writes.ts';
import { operations } from '../support/tasks/operations.ts';
import { postgresRepository, type PostgresRepository } from '../support/postgres/postgres-repository.ts';
import { runs, seed } from '../support/runs.ts';
import { expectSameAsMemory } from '../support/tasks/same-as-memory.ts';

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

  it('given random operations in random order: the same results as in memory', () =>
    fc.assert(
      fc.asyncProperty(operations, async (calls) =>
        expectSameAsMemory(
          {
            PostgreSQL: postgres,
            'PostgreSQL, in batches with other users': {
              tasks: await withConcurrentWrites(batched.tasks),
              trash: batched.trash,
            },
          },
          calls,
        ),
      ),
      { numRuns: tries, ...seed },
    ));
});
