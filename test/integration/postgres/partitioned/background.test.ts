import { expect } from 'chai';
import {
  buildListIndexes,
  missingListIndexes,
} from '../../../../src/infrastructure/postgres/maintenance/list-indexes.ts';
import { deleteExpiredKeys } from '../../../../src/infrastructure/postgres/maintenance/delete-expired-keys.ts';
import {
  expireTombstones,
  expireTrash,
} from '../../../../src/infrastructure/postgres/maintenance/expire-rows.ts';
import { foldRows } from '../../../../src/infrastructure/postgres/maintenance/fold-rows.ts';
import { indexLargeLists } from '../../../../src/infrastructure/postgres/maintenance/index-large-lists.ts';
import type { Run } from '../../../../src/infrastructure/postgres/requirements/facts.ts';
import { runMigrations } from '../../../../src/infrastructure/postgres/run-migrations.ts';
import { fillFirstEdition } from '../../../support/first-edition/fill-first-edition.ts';
import { crossingStatements } from '../../../support/postgres/partitioned/check-collected-statements.ts';
import { collectInto, type Collected } from '../../../support/postgres/partitioned/collected-statements.ts';
import { partitionTables } from '../../../support/postgres/partitioned/partition-tables.ts';
import { partitionedDatabase } from '../../../support/postgres/partitioned/partitioned-database.ts';
import {
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { freshDatabase } from '../../../support/postgres/postgres.ts';
import { connect, query, scalar, type Session } from '../../../support/postgres/sql.ts';
import { aKeyedRequest, anOwner, aTask, instant } from '../../../support/tasks/tasks.ts';
import { rejection } from '../../../support/rejection.ts';

describe('tables partitioned by user, and work in the background', () => {
  const collected: Collected = new Map();
  let subject: PostgresRepository;
  let session: Session;
  let run: Run;
  beforeEach(async () => {
    subject = await postgresRepository({ batching: false }, { newDatabase: partitionedDatabase });
    session = await connect(subject.url);
    collected.clear();
    collectInto(collected, subject.database);
    run = (statement) => subject.database.write(statement);
  });
  afterEach(async () => {
    await session[Symbol.asyncDispose]();
    await subject.close();
  });

  const count = (table: string) => scalar(session, `select count(*)::int from ${table}`);

  it('given rows of several users that have expired: all are deleted, by statements of all partitions', async () => {
    const users = Array.from({ length: 20 }, () => anOwner());
    for (const user of users) {
      const { task } = await subject.tasks.once(aKeyedRequest()).add(user, aTask());
      await subject.tasks.remove(user, task.id, instant(0));
    }
    await subject.expireKeys();
    await session.run(`update trashed_tasks set deleted_at = now() - interval '25 hours'`);
    collected.clear();
    expect(await expireTrash(run, 1)).to.equal(20);
    await session.run(`update tombstones set deleted_at = now() - interval '25 hours'`);
    expect(await expireTombstones(run, 1)).to.equal(20);
    expect(await deleteExpiredKeys(run)).to.equal(20);
    for (const table of ['trashed_tasks', 'tombstones', 'idempotency_keys'])
      expect(await count(table), table).to.equal(0);
    expect(await crossingStatements(collected)).to.have.length(3);
  });

  it('given tasks of an older version: text is folded, and large lists are indexed', async () => {
    await fillFirstEdition(
      subject.url,
      ['a', 'b', 'c', 'd'].map((user, n) => ({ user, tasks: n + 1 })),
    );
    expect(await foldRows(run)).to.equal(10);
    await indexLargeLists(run, 3);
    expect(await count('owners where indexing = 2')).to.equal(2);
    expect(await count('tasks where is_indexed')).to.equal(7);
  });

  it('given a missing index: the next migration builds it', async () => {
    await session.run('drop index tasks_by_title');
    expect(await missingListIndexes(run)).to.deep.equal(['tasks_by_title']);
    expect((await runMigrations(subject.url)).migrations).to.deep.equal([]);
    expect(await missingListIndexes(run)).to.deep.equal([]);
    await buildListIndexes(run);
  });

  it('given rows in the tables: the SQL refuses to partition them', async () => {
    await subject.tasks.add(anOwner(), aTask());
    expect(String(await rejection(partitionTables(subject.url)))).to.include('The tables have rows');
  });

  it('given rights of other roles: the partitioned tables grant the same', async () => {
    const { url, drop } = await freshDatabase();
    try {
      await query(url, 'grant select, delete on tombstones to public');
      await partitionTables(url);
      const [row] = await query(url, `select relacl::text as acl from pg_class where relname = 'tombstones'`);
      expect(row?.['acl']).to.match(/[{,]=rd\//);
    } finally {
      await drop();
    }
  });

  it('given the tables of a migration: the partitioned ones have the same keys, indexes, triggers and statistics', async () => {
    const plain = await postgresRepository();
    try {
      expect(await objectsOf(subject.url)).to.deep.equal(await objectsOf(plain.url));
    } finally {
      await plain.close();
    }
  });
});

/** The definitions of everything that belongs to the tables. A partitioned table has its indexes without its partitions. */
const objectsOf = async (url: string): Promise<readonly unknown[]> => {
  const rows = await query(
    url,
    `with given as (
       select oid, relname from pg_class
       where relname in ('owners', 'tasks', 'trashed_tasks', 'tombstones', 'idempotency_keys')
     ), found as (
       select pg_get_constraintdef(pg_constraint.oid) as definition, relname, conname as name
       from given join pg_constraint on conrelid = given.oid where conparentid = 0
       union all
       select replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON '), relname, ''
       from given join pg_index on indrelid = given.oid
       union all
       select pg_get_triggerdef(pg_trigger.oid), relname, ''
       from given join pg_trigger on tgrelid = given.oid where not tgisinternal
       union all
       select pg_get_statisticsobjdef(pg_statistic_ext.oid), relname, ''
       from given join pg_statistic_ext on stxrelid = given.oid
       union all
       select format('%s %s %s', format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)), relname, attname
       from given join pg_attribute on attrelid = given.oid left join pg_attrdef on adrelid = given.oid and adnum = attnum
       where attnum > 0 and not attisdropped
     )
     select relname || ' ' || name || ' ' || replace(definition, ' NOT VALID', '') as object from found order by 1`,
  );
  return rows.map(({ object }) => object);
};
