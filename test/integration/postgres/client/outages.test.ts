import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { createTaskRepository } from '../../../../src/bootstrap/adapters/create-task-repository.ts';
import { TaskholdError } from '../../../../src/domain/errors.ts';
import { holdOwner } from '../../../support/postgres/held-lock.ts';
import { numbers } from '../../../support/in-batches.ts';
import {
  answers,
  callAll,
  isOutage,
  proxiedRepository,
  type ProxiedRepository,
} from '../../../support/postgres/proxied-repository.ts';
import { rejectionCode } from '../../../support/rejection.ts';
import { connect } from '../../../support/postgres/sql.ts';
import { anOwner, aQuery, aTask, title } from '../../../support/tasks/tasks.ts';
import { timed, until } from '../../../support/until.ts';

const allowed = { added: true, outcome_unknown: true, overloaded: true, unavailable: true };

for (const preparedStatements of [true, false])
  describe(`database outages, ${preparedStatements ? 'with' : 'without'} prepared statements`, () => {
    const owner = anOwner();
    let subject: ProxiedRepository;
    beforeEach(async () => {
      subject = await proxiedRepository({ preparedStatements });
    });
    afterEach(() => subject[Symbol.asyncDispose]());

    it('given a stopped server: calls are unavailable, and succeed again once it runs', async () => {
      const { tasks, database, proxy, observations } = subject;
      const task = await tasks.add(owner, aTask());
      expect(await database.isReady()).to.be.true;
      for (let n = 0; n < 2; n += 1) {
        await proxy.cut();
        const codes = await Promise.all(callAll(tasks, owner, task.id).map(rejectionCode));
        expect(codes.filter(isOutage)).to.deep.equal(codes);
        expect(observations.at(-1)?.type, 'the error is reported').to.equal('database_error');
        const [isReady, milliseconds] = await timed(() => database.isReady());
        expect(isReady).to.be.false;
        expect(milliseconds).to.be.below(1000);
        await proxy.mend();
        await until('the database is back', () => answers(tasks, owner), 2000);
        expect(await database.isReady()).to.be.true;
      }
      const page = { tasks: [task], next: null, total: null, revision: task.revision };
      expect(await tasks.list(owner.id, aQuery())).to.deep.equal(page);
    });

    it('given a server that is down at the start: calls are unavailable, and succeed once it runs', async () => {
      const { tasks, database, proxy, observations } = subject;
      await proxy.cut();
      expect(await database.isReady()).to.be.false;
      expect(observations.at(-1)?.type, 'the error is reported').to.equal('database_error');
      expect(await rejectionCode(tasks.list(owner.id, aQuery()))).to.equal('unavailable');
      await proxy.mend();
      await until('the database is reachable', () => database.isReady(), 2000);
      expect(await tasks.add(owner, aTask())).to.include({ revision: 1 });
    });

    it('given idle connections that drop: calls succeed again', async () => {
      const { tasks, proxy } = subject;
      await Promise.all([1, 2, 3].map(() => tasks.add(owner, aTask())));
      for (let n = 0; n < 3; n += 1) {
        proxy.drop();
        await until('the connections are closed', () => proxy.connections() === 0);
        await until('the database is back', () => answers(tasks, owner), 1000);
      }
    });

    it('given a broken idle connection: it is reported, and the list cache is cleared', async () => {
      const { database, proxy, observations } = subject;
      const outcomes: string[] = [];
      const cached = createTaskRepository({ cacheMaxUsers: 10, hasTrash: true }, database, (observation) => {
        if (observation.type === 'cache') outcomes.push(observation.outcome);
      });
      let lost = 0;
      database.onConnectionLost(() => (lost += 1));
      const list = () => cached.list(owner.id, aQuery());
      await list();
      await list();
      expect([outcomes, lost]).to.deep.equal([['miss', 'hit'], 0]);
      proxy.drop();
      await until('the idle connection is reported', () => lost > 0);
      expect(observations.filter(({ type }) => type === 'database_error')).to.deep.equal([]);
      await until('the database is back', () => answers(subject.tasks, owner), 2000);
      await list();
      expect(outcomes).to.deep.equal(['miss', 'hit', 'miss']);
    });

    it('given a server that ends connections under load: a write that is unavailable was not done', async function () {
      this.timeout(60_000);
      const { tasks, url } = subject;
      await using session = await connect(url);
      const refused: string[] = [];
      const codes = new Map<string, number>();
      let isOver = false;
      const write = async (n: number): Promise<void> => {
        for (let attempt = 0; !isOver; attempt += 1) {
          const text = `writer ${n}, attempt ${attempt}`;
          const code = await tasks.add(anOwner(), aTask({ title: title(text) })).then(
            () => 'added',
            (error: unknown) => (error instanceof TaskholdError ? error.code : String(error)),
          );
          await nextTurn(); // rejections that are immediate must not keep the connections from being opened
          codes.set(code, (codes.get(code) ?? 0) + 1);
          if (code === 'unavailable' || code === 'overloaded') refused.push(text);
        }
      };
      const writers = numbers(6).map(write);
      await until(
        'the outcome of some writes is unknown',
        async () => {
          await session.run(`select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()`);
          await pause(100); // a connection that is opened and checked can be used before the next end
          return (codes.get('outcome_unknown') ?? 0) >= 20;
        },
        30_000,
      );
      isOver = true;
      await Promise.all(writers);
      expect([...codes.keys()]).to.have.members([...codes.keys()].filter((code) => code in allowed));
      const done = await session.run('select title from tasks where title = any ($1)', [refused]);
      expect(done).to.deep.equal([]);
    });

    it('given a connection that the server ends during a write: outcome_unknown', async () => {
      const { tasks } = subject;
      await tasks.add(owner, aTask());
      await using lock = await holdOwner(subject.url, owner);
      const adding = rejectionCode(tasks.add(owner, aTask()));
      await lock.waitedForBy(1);
      await lock.terminateWaiting();
      expect(await adding).to.equal('outcome_unknown');
      await lock.session.run('rollback');
      expect(await tasks.list(owner.id, aQuery())).to.include({ revision: 1 });
    });

    it('given a statement that exceeds its timeout: it fails, and the next one succeeds', async () => {
      const { tasks } = subject;
      await tasks.add(owner, aTask());
      await using lock = await holdOwner(subject.url, owner);
      const [code, milliseconds] = await timed(() => rejectionCode(tasks.add(owner, aTask())));
      // A server that cancels the statement reports it; one that does not respond may still execute it.
      expect(code).to.equal(preparedStatements ? 'unavailable' : 'outcome_unknown');
      expect(milliseconds).to.be.within(450, 4000);
      expect(await tasks.list(owner.id, aQuery())).to.include({ revision: 1 });
      await lock.session.run('rollback');
      // A server without a statement timeout executes the first write once the lock is released.
      const next = await tasks.add(owner, aTask());
      expect(next.revision).to.be.within(2, preparedStatements ? 2 : 3);
    });
  });

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
