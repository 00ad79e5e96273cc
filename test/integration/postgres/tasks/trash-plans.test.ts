import { expect } from 'chai';
import type { Trash } from '../../../../src/application/ports/trash.ts';
import type { TrashedTask } from '../../../../src/domain/task.ts';
import type { User } from '../../../../src/domain/user.ts';
import type { Database } from '../../../../src/infrastructure/postgres/client/database.ts';
import {
  expireTombstones,
  expireTrash,
} from '../../../../src/infrastructure/postgres/maintenance/expire-rows.ts';
import { postgresTrash } from '../../../../src/infrastructure/postgres/tasks/trash/trash.ts';
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
import { anOwner, instant, revision } from '../../../support/tasks/tasks.ts';

const batchSize = 100;

for (const isAnalyzed of [true, false])
  describe(`plans of the trash, given 300 users with 20 deleted tasks and one with 6000, ${isAnalyzed ? '' : 'not '}analyzed`, () => {
    const owner = anOwner();
    let stack: AsyncDisposableStack;
    let session: Session;
    let database: Database;
    let trash: Trash;
    let statements: Recorded[];
    let middle: TrashedTask;

    before(async () => {
      stack = new AsyncDisposableStack();
      const { url, drop } = await freshDatabase();
      stack.defer(drop);
      session = stack.use(await connect(url));
      await prepare(session);
      await fill(session, owner, 20);
      if (isAnalyzed) await session.run('analyze');
      const recorded = recording(stack.use(openDatabase(url)));
      ({ statements, database } = recorded);
      trash = postgresTrash(database, () => undefined);
      middle = (await trash.list(owner.id, { limit: 700, before: null })).tasks[600]!;
    });
    after(() => stack.disposeAsync());

    const scans = async (mode: Parameters<typeof planOf>[2]): Promise<readonly PlanNode[]> => {
      const nodes = nodesOf(await planOf(session, statements.at(-1)!, mode));
      expect(nodes.filter((node) => /Sort|Gather|Seq Scan/.test(node['Node Type']))).to.be.empty;
      return nodes.filter(
        (node) =>
          node['Node Type'] !== 'ModifyTable' &&
          /^(trashed_tasks|tombstones|tasks)$/.test(node['Relation Name'] ?? ''),
      );
    };

    for (const mode of ['auto', 'force_generic_plan', 'force_custom_plan'] as const) {
      it(`given ${mode} and a page: reads its rows and one more`, async () => {
        for (const limit of [1, 20, 1000])
          for (const before of [null, middle.revision]) {
            await trash.list(owner.id, { limit, before });
            const read = await scans(mode);
            expect(read).to.have.length(1);
            expect(read[0]).to.include({
              'Node Type': 'Index Scan',
              'Index Name': 'trashed_tasks_by_revision',
              'Actual Rows': limit + 1,
            });
            expect(read[0]?.['Rows Removed by Filter'] ?? 0).to.equal(0);
          }
      });

      it(`given ${mode} and one task: restores and purges it by primary key only`, async () => {
        const id = middle.id;
        await trash.restore(owner, id, instant(0), [revision(0), revision(9_999_999)]);
        for (const node of await scans(mode)) expect(node['Index Name']).to.equal('trashed_tasks_pkey');
        await trash.purge(anOwner().id, id);
        for (const node of await scans(mode)) expect(node['Index Name']).to.equal('trashed_tasks_pkey');
      });
    }
  });

for (const isAnalyzed of [true, false])
  describe(`plans of expiry, given 100,000 rows of which few have expired, ${isAnalyzed ? '' : 'not '}analyzed`, () => {
    for (const [name, expire, table] of [
      ['expireTrash', expireTrash, 'trashed_tasks'],
      ['expireTombstones', expireTombstones, 'tombstones'],
    ] as const)
      it(`given ${name}: finds a batch by the time, and each of its rows by primary key`, async () => {
        await using stack = new AsyncDisposableStack();
        const { url, drop } = await freshDatabase();
        stack.defer(drop);
        const session = stack.use(await connect(url));
        await prepare(session);
        await fill(session, anOwner(), 313);
        if (isAnalyzed) await session.run('analyze');
        const { statements, database } = recording(stack.use(openDatabase(url)));
        await expire((statement) => database.write(statement), 0, batchSize);
        const nodes = nodesOf(await planOf(session, statements.at(-1)!, 'force_custom_plan'));
        const read = nodes.filter(
          (node) => node['Relation Name'] === table && node['Node Type'] !== 'ModifyTable',
        );
        const indexes = nodes.map((node) => node['Index Name']).filter((index) => index?.startsWith(table));
        expect(new Set(indexes)).to.deep.equal(new Set([`${table}_by_deletion`, `${table}_pkey`]));
        expect(read.filter((node) => node['Node Type'] === 'Seq Scan')).to.deep.equal([]);
      });
  });

/** Statistics are taken by the tests alone. */
const prepare = async (session: Session): Promise<void> => {
  for (const table of ['owners', 'trashed_tasks', 'tombstones'])
    await session.run(`alter table ${table} set (autovacuum_enabled = false)`);
};

/** The times of most rows are later than now. */
const fill = async (session: Session, owner: User, each: number): Promise<void> => {
  await session.run(
    `insert into owners (id, revision, created_at)
     select 'other-' || n, ${each}, now() from generate_series(1, 300) n union all select $1, 6000, now()`,
    [owner.id],
  );
  await session.run(
    `insert into trashed_tasks (owner_id, id, title, completed, created_at, updated_at, revision, title_folded, deleted_at)
     select owner_id, gen_random_uuid(), 'Task ' || n, false, now(), now(), n, 'task ' || n,
       now() + case when random() < 0.01 then -1 else 1 end * random() * interval '90 days'
     from (
       select 'other-' || o as owner_id, n from generate_series(1, 300) o, generate_series(1, ${each}) n
       union all select $1, n from generate_series(1, 6000) n
     ) as made order by random()`,
    [owner.id],
  );
  await session.run(
    `insert into tombstones (owner_id, task_id, revision, deleted_at)
     select owner_id, gen_random_uuid(), revision, deleted_at from trashed_tasks`,
  );
};
