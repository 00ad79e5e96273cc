import { expect } from 'chai';
import type { Position } from '../../../../src/domain/task-order.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { openDatabase } from '../../../support/postgres/postgres-repository.ts';
import { freshDatabase } from '../../../support/postgres/postgres.ts';
import { connect } from '../../../support/postgres/sql.ts';
import { anOwner, aQuery, aTask, taskId } from '../../../support/tasks/tasks.ts';

describe('lists without an index', () => {
  it('given a planner that uses no index: returns the pages in the same order', async () => {
    await using stack = new AsyncDisposableStack();
    const { url, drop } = await freshDatabase();
    stack.defer(drop);
    const session = stack.use(await connect(url));
    const name = new URL(url).pathname.slice(1);
    for (const scan of ['indexscan', 'indexonlyscan', 'bitmapscan'])
      await session.run(`alter database ${name} set enable_${scan} = off`);

    const tasks = postgresTaskRepository(stack.use(openDatabase(url)));
    const owner = anOwner();
    const ids = [5, 1, 8, 3, 7, 2, 6, 4].map(taskId);
    for (const id of ids) await tasks.add(owner, aTask({ id }));
    const found: string[] = [];
    let after: Position | null = null;
    do {
      const page = await tasks.list(owner.id, aQuery({ limit: 3, after }));
      found.push(...page.tasks.map((task) => task.id));
      after = page.next;
    } while (after !== null);
    expect(found).to.deep.equal(ids.toSorted().reverse());
  });
});
