import { expect } from 'chai';
import type { TaskRepository } from '../../../../src/application/ports/task-repository.ts';
import type { User } from '../../../../src/domain/user.ts';
import type { Task } from '../../../../src/domain/task.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import {
  nodesOf,
  planOf,
  recording,
  type PlanNode,
  type Recorded,
} from '../../../support/postgres/explain.ts';
import { openDatabase } from '../../../support/postgres/postgres-repository.ts';
import { freshDatabase } from '../../../support/postgres/postgres.ts';
import { connect, type Session } from '../../../support/postgres/sql.ts';
import { anOwner, aQuery, aTask, instant, placeOf, revision } from '../../../support/tasks/tasks.ts';

/** Sizes of tables, with and without statistics for the planner. */
const tables = [
  { owners: 300, each: 20, isAnalyzed: true },
  { owners: 60, each: 400, isAnalyzed: true },
  { owners: 300, each: 20, isAnalyzed: false },
];

for (const { owners, each, isAnalyzed } of tables)
  describe(`plans, given ${owners} users with ${each} tasks and one with 6000, ${isAnalyzed ? '' : 'not '}analyzed`, () => {
    const owner = anOwner();
    let stack: AsyncDisposableStack;
    let session: Session;
    let tasks: TaskRepository;
    let statements: Recorded[];
    let middle: Task;

    before(async () => {
      stack = new AsyncDisposableStack();
      const { url, drop } = await freshDatabase();
      stack.defer(drop);
      session = stack.use(await connect(url));
      await session.run(`alter table owners set (autovacuum_enabled = false)`);
      await session.run(`alter table tasks set (autovacuum_enabled = false)`);
      await fill(session, owner, owners, each);
      if (isAnalyzed) await session.run('analyze');
      const recorded = recording(stack.use(openDatabase(url)));
      statements = recorded.statements;
      tasks = postgresTaskRepository(recorded.database);
      const page = await tasks.list(owner.id, aQuery({ limit: 700 }));
      middle = page.tasks[600]!;
    });
    after(() => stack.disposeAsync());

    const lastPlan = (mode: Parameters<typeof planOf>[2]): Promise<PlanNode> =>
      planOf(session, statements.at(-1)!, mode);

    for (const mode of ['auto', 'force_generic_plan', 'force_custom_plan'] as const) {
      for (const status of ['all', 'pending', 'completed'] as const)
        it(`given ${mode} and a list of status ${status}: reads the rows of the page and one more`, async () => {
          for (const limit of [1, 20, 1000])
            for (const after of [null, placeOf(middle)]) {
              await tasks.list(owner.id, aQuery({ status, limit, after }));
              const nodes = nodesOf(await lastPlan(mode));
              expect(nodes.filter((node) => /Sort|Bitmap|Gather/.test(node['Node Type']))).to.be.empty;
              const scans = nodes.filter((node) => node['Relation Name'] === 'tasks');
              expect(scans).to.have.length(1);
              expect(scans[0]).to.include({
                'Node Type': 'Index Scan',
                'Index Name': status === 'all' ? 'tasks_newest_first' : 'tasks_by_status_newest_first',
                'Actual Rows': limit + 1,
                'Actual Loops': 1,
              });
              expect(scans[0]?.['Rows Removed by Filter'] ?? 0).to.equal(0);
            }
        });

      it(`given ${mode} and one task: finds, changes and removes it by primary key only`, async () => {
        await tasks.find(owner.id, middle.id);
        expect(scansOf(await lastPlan(mode))).to.deep.equal(['tasks_pkey']);
        const expected = [revision(0), revision(9_999_999)];
        await tasks.change(owner, middle.id, { completed: 'toggle' }, instant(0), expected);
        expect(scansOf(await lastPlan(mode))).to.deep.equal(['tasks_pkey', 'tasks_pkey']);
        await tasks.remove(owner, middle.id, instant(1), expected);
        expect(scansOf(await lastPlan(mode))).to.deep.equal(['tasks_pkey', 'tasks_pkey']);
      });

      it(`given ${mode} and a batch of several users: changes their tasks by primary key only`, async () => {
        const writers = [owner, anOwner(), anOwner()];
        for (const writer of writers) await tasks.add(writer, aTask());
        await Promise.all(writers.map((writer) => tasks.change(writer, middle.id, {}, instant(0))));
        const batch = statements.findLast(({ text }) => text.includes('SKIP LOCKED'));
        const plan = await planOf(session, batch!, mode);
        expect(scansOf(plan)).to.deep.equal(['tasks_pkey', 'tasks_pkey']);
      });
    }
  });

const scansOf = (plan: PlanNode): (string | undefined)[] =>
  nodesOf(plan)
    .filter((node) => node['Relation Name'] === 'tasks' && node['Node Type'] !== 'ModifyTable')
    .map((node) => node['Index Name']);

/** Inserts the tasks of all users in random order; a third of them are completed. */
const fill = async (session: Session, owner: User, owners: number, each: number): Promise<void> => {
  await session.run(
    `insert into owners (id, revision, created_at)
     select 'other-' || n, ${each}, now() from generate_series(1, ${owners}) n union all select $1, 6000, now()`,
    [owner.id],
  );
  await session.run(
    `insert into tasks (owner_id, id, title, completed, created_at, updated_at, revision)
     select owner_id, gen_random_uuid(), 'Task ' || n, n % 3 = 0, at, at, n
     from (
       select 'other-' || o as owner_id, n, now() - random() * interval '90 days' as at
       from generate_series(1, ${owners}) o, generate_series(1, ${each}) n
       union all
       select $1, n, now() - random() * interval '90 days' from generate_series(1, 6000) n
     ) as made order by random()`,
    [owner.id],
  );
};
