import { expect } from 'chai';
import fc from 'fast-check';
import type { TaskRepository } from '../../../../src/application/ports/task-repository.ts';
import { memoryTaskRepository } from '../../../../src/infrastructure/memory/task-repository.ts';
import { indexLargeLists } from '../../../../src/infrastructure/postgres/maintenance/index-large-lists.ts';
import { inBatches, numbers } from '../../../support/in-batches.ts';
import {
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { query } from '../../../support/postgres/sql.ts';
import { runs, seed } from '../../../support/runs.ts';
import { orders, readPages } from '../../../support/tasks/lists.ts';
import { randomQuery } from '../../../support/tasks/random-queries.ts';
import { randomDraft } from '../../../support/tasks/random-tasks.ts';
import { anOwner, aQuery, aTask, instant, searchText, tags } from '../../../support/tasks/tasks.ts';

const count = 2_000;

describe(`lists of an indexed user with ${count} tasks`, function () {
  this.timeout(120_000);
  const user = anOwner();
  const memory = memoryTaskRepository();
  let subject: PostgresRepository;
  let postgres: TaskRepository;
  before(async () => {
    subject = await postgresRepository({}, { direct: true });
    postgres = subject.tasks;
    const drafts = fc.sample(randomDraft, { numRuns: count, ...seed });
    const tasks = drafts.map((draft, n) => aTask({ ...draft, createdAt: instant(Math.floor(n / 3)) }));
    for (const task of tasks) {
      await memory.add(user, task);
      await postgres.add(user, task);
    }
    // Of others, so that the indexes are worth their use.
    await inBatches(20, numbers(1_000), () => postgres.add(anOwner(), aTask()));
    await indexLargeLists((statement) => subject.database.write(statement), 1_000);
  });
  after(() => subject.close());

  it('given random queries, at once after the user is indexed: the same pages as in memory', () =>
    fc.assert(
      fc.asyncProperty(randomQuery, async ({ filter, order, ...page }) => {
        const asked = aQuery({ ...filter, order, ...page, limit: page.limit * 50, offset: page.offset * 50 });
        expect(await postgres.list(user.id, asked)).to.deep.equal(await memory.list(user.id, asked));
      }),
      { numRuns: runs(200), ...seed },
    ));

  for (const order of orders)
    it(`given all pages by ${order.by}, ${order.direction}: the same as in memory`, async () => {
      const asked = aQuery({ order, limit: 150, count: true });
      expect(await readPages(postgres, user.id, asked)).to.deep.equal(
        await readPages(memory, user.id, asked),
      );
    });

  it('given these lists, and statistics of the planner: each index was used', async () => {
    await query(subject.url, 'analyze');
    for (const order of orders) await postgres.list(user.id, aQuery({ order, limit: 20 }));
    await postgres.list(user.id, aQuery({ search: searchText('\u{10428}\u{10428}\u{10428}') }));
    await postgres.list(user.id, aQuery({ tag: tags('NULL')[0]! }));
    await subject.database[Symbol.asyncDispose](); // a session reports its statistics at its end
    const used = await query(
      subject.url,
      `select indexrelname::text as name from pg_stat_user_indexes
       where relname = 'tasks' and indexrelname like 'tasks_by_%' and indexrelname not like '%status%' and idx_scan > 0 order by 1`,
    );
    expect(used.map(({ name }) => name)).to.include.members([
      'tasks_by_due_date',
      'tasks_by_priority',
      'tasks_by_text_and_tags',
      'tasks_by_title',
      'tasks_by_update',
    ]);
  });
});
