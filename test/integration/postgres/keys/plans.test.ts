import { expect } from 'chai';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { nodesOf, planOf, recording, type Recorded } from '../../../support/postgres/explain.ts';
import { openDatabase } from '../../../support/postgres/postgres-repository.ts';
import { freshDatabase } from '../../../support/postgres/postgres.ts';
import { connect, type Session } from '../../../support/postgres/sql.ts';
import { aKeyedRequest, anOwner, aTask, instant, revision } from '../../../support/tasks/tasks.ts';

for (const state of ['analyzed', 'not analyzed', 'analyzed while empty'])
  describe(`plans of keyed writes, given 20,000 keys, ${state}`, () => {
    const opened = new AsyncDisposableStack();
    const owners = [anOwner(), anOwner(), anOwner()];
    let session: Session;
    let statements: Recorded[];
    before(async () => {
      const { url, drop } = await freshDatabase();
      opened.defer(drop);
      session = opened.use(await connect(url));
      await session.run('alter table idempotency_keys set (autovacuum_enabled = false)');
      if (state === 'analyzed while empty') await session.run('analyze');
      const recorded = recording(opened.use(openDatabase(url)));
      statements = recorded.statements;
      const tasks = postgresTaskRepository(recorded.database);
      const stored = await Promise.all(owners.map((owner) => tasks.add(owner, aTask())));
      await session.run(
        `insert into idempotency_keys (owner_id, key, fingerprint, expires_at)
         select id, n, '', now() + interval '1 h' from owners, generate_series(1, 7000) n`,
      );
      if (state === 'analyzed') await session.run('analyze');
      statements.length = 0;
      await Promise.all(owners.map((owner) => tasks.once(aKeyedRequest()).add(owner, aTask())));
      await Promise.all(
        owners.map((owner, n) => tasks.once(aKeyedRequest()).change(owner, stored[n]!.id, {}, instant(1))),
      );
      expect(statements.map(({ text }) => text.includes('SKIP LOCKED'))).to.deep.equal([true, true]);
      await tasks.once(aKeyedRequest()).add(anOwner(), aTask());
      await tasks.once(aKeyedRequest()).change(owners[0]!, stored[0]!.id, {}, instant(1), [revision(3)]);
      await tasks.once(aKeyedRequest()).remove(owners[0]!, stored[0]!.id, instant(9));
    });
    after(() => opened.disposeAsync());

    for (const mode of ['auto', 'force_generic_plan', 'force_custom_plan'] as const)
      it(`given ${mode}: each key is looked up by the primary key`, async () => {
        for (const statement of statements) {
          const nodes = nodesOf(await planOf(session, statement, mode));
          const scans = nodes.filter(
            (node) => node['Relation Name'] === 'idempotency_keys' && node['Node Type'] !== 'ModifyTable',
          );
          expect(scans, statement.text).not.to.be.empty;
          for (const scan of scans) {
            expect(scan['Index Name'], statement.text).to.equal('idempotency_keys_pkey');
            expect(scan['Rows Removed by Filter'] ?? 0).to.equal(0);
          }
        }
      });
  });
