import { expect } from 'chai';
import { Client } from 'pg';
import type { ChangeFeed } from '../../../../src/application/ports/change-feed.ts';
import type { TaskPage, TaskRepository } from '../../../../src/application/ports/task-repository.ts';
import { indexLargeLists } from '../../../../src/infrastructure/postgres/maintenance/index-large-lists.ts';
import { runOn } from '../../../../src/infrastructure/postgres/inspect-database.ts';
import { foldRows } from '../../../../src/infrastructure/postgres/maintenance/fold-rows.ts';
import { postgresChangeFeed } from '../../../../src/infrastructure/postgres/tasks/changes/change-feed.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { fold } from '../../../../src/domain/fold.ts';
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
import { orders } from '../../../support/tasks/lists.ts';
import { anOwner, aQuery, instant, revision, tags } from '../../../support/tasks/tasks.ts';

const tasksOfLargeList = 20_000;
const tasksOfSmallList = 300;
const limit = 50;
const sampleSize = 250;
/** Fewer than the limit of a page. */
const tasksWithRecentWord = 30;

/** An index of large lists, or of all users, by what a list is ordered by. */
const indexOf = {
  createdAt: 'tasks_newest_first',
  updatedAt: 'tasks_by_update',
  title: 'tasks_by_title',
  dueDate: 'tasks_by_due_date',
  priority: 'tasks_by_priority',
};

describe(`plans of lists, given a user with ${tasksOfLargeList} tasks, and others with fewer`, function () {
  this.timeout(120_000);
  const [large, small] = [anOwner(), anOwner()];
  let stack: AsyncDisposableStack;
  let session: Session;
  let tasks: TaskRepository;
  let feed: ChangeFeed;
  let statements: Recorded[];

  before(async () => {
    stack = new AsyncDisposableStack();
    const { url, drop } = await freshDatabase();
    stack.defer(drop);
    session = stack.use(await connect(url));
    for (const [owner, count] of [
      [large, tasksOfLargeList],
      [small, tasksOfSmallList],
      [anOwner(), 4_000],
    ] as const)
      await fill(session, owner.id, count);
    const client = new Client({ connectionString: url });
    await client.connect();
    stack.defer(() => client.end());
    await foldRows(runOn(client));
    await indexLargeLists(runOn(client));
    await session.run('vacuum analyze');
    const recorded = recording(stack.use(openDatabase(url)));
    ({ statements } = recorded);
    tasks = postgresTaskRepository(recorded.database);
    feed = postgresChangeFeed(recorded.database);
  });
  after(() => stack.disposeAsync());

  /**
   * Lists, and returns the page, and the scans of `tasks` that were carried out by its statement, but for the sample of the
   * newest tasks that shows whether many meet the filter.
   */
  const list = async (
    owner: typeof large,
    query: Parameters<typeof aQuery>[0],
  ): Promise<{ page: TaskPage; scans: readonly PlanNode[] }> => {
    const page = await tasks.list(owner.id, aQuery({ limit, ...query }));
    const nodes = nodesOf(await planOf(session, statements.at(-1)!, 'force_custom_plan'));
    const sample = nodes.find((node) => node['Subplan Name'] === 'CTE sample');
    const sampled = sample ? nodesOf(sample).filter(isScan) : [];
    for (const scan of sampled) expect(rowsRead(scan)).to.be.at.most(sampleSize);
    const scans = nodes.filter((node) => isScan(node) && !sampled.includes(node));
    expect(scans).not.to.be.empty;
    return { page, scans: scans.filter((scan) => scan['Actual Loops']) };
  };

  for (const order of orders)
    it(`given ${order.by} ${order.direction}: reads the rows of the page from its index, on every page`, async () => {
      let after: TaskPage['next'] = null;
      for (let page = 1; page <= 3; page += 1) {
        const found = await list(large, { order, after });
        const used = new Set(found.scans.map((node) => node['Index Name']));
        expect([...used]).to.deep.equal([indexOf[order.by]]);
        // Each part of a list is read up to the limit; ties of the last row are read too.
        for (const scan of found.scans) expect(rowsRead(scan)).to.be.at.most(limit + 1 + ties);
        after = found.page.next;
      }
    });

  it('given a search for a rare word: reads the rows that have it, from the index', async () => {
    const { page, scans } = await list(large, { search: fold('NEEDLE') });
    expect(page.tasks).to.have.length(4);
    expect(scans.map((node) => node['Node Type'])).to.deep.equal(['Bitmap Heap Scan']);
    for (const scan of scans) expect(rowsRead(scan)).to.equal(4);
  });

  it('given a search for a frequent word: reads the newest rows up to the limit', async () => {
    const { page, scans } = await list(large, { search: fold('milk') });
    expect(page.tasks).to.have.length(limit);
    expect(scans.map((node) => node['Index Name'])).to.deep.equal(['tasks_newest_first']);
    for (const scan of scans) expect(rowsRead(scan)).to.be.at.most(6 * limit);
  });

  it('given a frequent tag: reads the newest rows up to the limit, on every page', async () => {
    const query = { tag: tags('common')[0]! };
    const { page } = await list(large, query);
    const { scans } = await list(large, { ...query, after: page.next });
    expect(scans.map((node) => node['Index Name'])).to.deep.equal(['tasks_newest_first']);
    for (const scan of scans) expect(rowsRead(scan)).to.be.at.most(2 * limit);
  });

  it('given a search for a word that only the newest tasks have: reads them from its index', async () => {
    const { page, scans } = await list(large, { search: fold('Recent') });
    expect(page.tasks).to.have.length(tasksWithRecentWord);
    const read = scans.map((node) => [node['Node Type'], rowsRead(node)] as const);
    expect(read[0]?.[0]).to.equal('Index Scan');
    expect(read[0]?.[1]).to.be.at.most(1_000);
    expect(read.slice(1)).to.deep.equal([['Bitmap Heap Scan', tasksWithRecentWord]]);
  });

  it('given a search without a result: reads no row', async () => {
    const { scans } = await list(large, { search: fold('no task has this') });
    for (const scan of scans) expect(rowsRead(scan)).to.equal(0);
  });

  it('given a rare tag: reads the rows that have it, from the index', async () => {
    const { page, scans } = await list(large, { tag: tags('rare')[0]! });
    expect(page.tasks).to.have.length(2);
    for (const scan of scans) expect(rowsRead(scan)).to.equal(2);
  });

  it('given a range of due dates: reads the rows within it, from the index', async () => {
    const { page, scans } = await list(large, { dueFrom: instant(0), dueBefore: instant(30 * 60_000) });
    expect(page.tasks).to.have.length(30);
    for (const scan of scans) expect(rowsRead(scan)).to.equal(30);
  });

  it('given a rare priority: reads the rows that have it, from the index', async () => {
    const { page, scans } = await list(large, { priorities: ['low'], count: true });
    expect(page.tasks).to.have.length(3);
    for (const scan of scans) expect(rowsRead(scan)).to.equal(3);
  });

  it('given a search and a rare tag: reads the rows that have both', async () => {
    const { page, scans } = await list(large, { search: fold('milk'), tag: tags('rare')[0]! });
    expect(page.tasks.length).to.be.at.most(2);
    for (const scan of scans) expect(rowsRead(scan)).to.be.at.most(2);
  });

  it('given changes after a revision: reads the rows up to the limit, from the index', async () => {
    for (const since of [0, 10_000, tasksOfLargeList - 20, tasksOfLargeList]) {
      const page = await feed.after(large.id, revision(since), limit);
      const nodes = nodesOf(await planOf(session, statements.at(-1)!, 'force_generic_plan'));
      const scans = nodes.filter((node) => node['Relation Name'] === 'tasks' && node['Actual Loops']);
      expect(page.changes).to.have.length(Math.min(limit, tasksOfLargeList - since));
      for (const scan of scans) {
        expect(scan['Index Name']).to.equal('tasks_by_revision');
        // One row more shows whether it has the revision of the row before.
        expect(rowsRead(scan)).to.be.at.most(limit + 2);
      }
    }
  });

  it('given a user with few tasks, and no change: reads no task', async () => {
    await feed.after(small.id, revision(tasksOfSmallList), limit);
    const nodes = nodesOf(await planOf(session, statements.at(-1)!, 'force_generic_plan'));
    expect(nodes.filter((node) => isScan(node) && node['Actual Loops'])).to.deep.equal([]);
  });

  it('given a count: reads the index of the list alone', async () => {
    const { page, scans } = await list(large, { count: true, status: 'pending' });
    expect(page.total).to.equal(tasksOfLargeList / 2);
    const counted = scans.filter((node) => rowsRead(node) > limit + 1);
    expect(counted.map((node) => node['Node Type'])).to.deep.equal(['Index Only Scan']);
    expect(rowsRead(counted[0]!)).to.equal(tasksOfLargeList / 2);
  });

  it('given a user with few tasks: reads no row of another user, and no index of large lists', async () => {
    for (const query of [
      ...orders.map((order) => ({ order })),
      { search: fold('milk') },
      { search: fold('x') },
      { tag: tags('rare')[0]! },
      { dueFrom: instant(0), dueBefore: instant(30 * 60_000) },
      { count: true, priorities: ['high'] },
    ] as const)
      for (const scan of (await list(small, query)).scans) {
        expect(rowsRead(scan)).to.be.at.most(tasksOfSmallList);
        expect(scan['Index Name'] ?? 'tasks_pkey').to.match(/tasks_(?:pkey|newest_first|by_status)/);
      }
  });
});

const isScan = (node: PlanNode): boolean => node['Relation Name'] === 'tasks';

/** The most tasks of {@link fill} that have one due date, or one time of a change. */
const ties = 8;

/** All rows that a scan has looked at. */
const rowsRead = (scan: PlanNode): number =>
  Math.round(
    ((scan['Actual Rows'] ?? 0) +
      (scan['Rows Removed by Filter'] ?? 0) +
      (scan['Rows Removed by Index Recheck'] ?? 0)) *
      (scan['Actual Loops'] ?? 0),
  );

const fill = async (session: Session, owner: string, count: number): Promise<void> => {
  await session.run('insert into owners (id, revision, created_at) values ($1, $2, $3)', [
    owner,
    count,
    instant(0),
  ]);
  await session.run(
    `insert into tasks
       (owner_id, id, title, description, completed, priority, due_date, tags, created_at, updated_at, revision)
     select $1, gen_random_uuid(),
       (array['Buy', 'Call', 'Write', 'Plan'])[1 + n % 4] || ' ' || (array['milk', 'bread', 'paper'])[1 + n % 3] || ' ' ||
         md5(n::text) || case when n in (7, 77, 777, 7777) then ' Needle' else '' end ||
         case when n * 7919 % 20011 > 20011 - 31 then ' Recent' else '' end,
       null, n % 2 = 0, case when n in (11, 1111, 11111) then 1 else 2 + n % 2 end,
       case when n % 3 > 0 then
         to_char((timestamptz '2026-11-21T08:00:00Z' + (n / 3 * 2 + n % 3 - 1) * interval '1 minute') at time zone 'UTC',
           'YYYY-MM-DD"T"HH24:MI:SS.000Z') end,
       case when n in (5, 500) then array['rare', 'common'] else array['common'] end,
       $2::timestamptz + n * 7919 % 20011 * interval '1 minute',
       $2::timestamptz + (20011 + n * 104729 % 20011) * interval '1 minute', n
     from generate_series(1::bigint, $3) as n`,
    [owner, instant(0), count],
  );
};
