import { expect } from 'chai';
import {
  answers,
  callAll,
  isOutage,
  proxiedRepository,
  type ProxiedRepository,
} from '../../../support/postgres/proxied-repository.ts';
import { rejectionCode } from '../../../support/rejection.ts';
import { anOwner, aQuery, aTask } from '../../../support/tasks/tasks.ts';
import { timed, until } from '../../../support/until.ts';

describe('a network that loses every packet', () => {
  const owner = anOwner();
  let subject: ProxiedRepository;
  beforeEach(async () => {
    subject = await proxiedRepository({});
  });
  afterEach(() => subject[Symbol.asyncDispose]());

  it('given open connections: calls fail within the statement timeout, and succeed once the network works', async () => {
    const { tasks, database, proxy } = subject;
    const task = await tasks.add(owner, aTask());
    proxy.freeze();
    const [isReady, milliseconds] = await timed(() => database.isReady());
    expect(isReady).to.be.false;
    expect(milliseconds).to.be.below(1500);
    const [codes, spent] = await timed(() =>
      Promise.all(callAll(tasks, owner, task.id).map((call) => rejectionCode(call))),
    );
    expect(codes.filter(isOutage)).to.deep.equal(codes);
    expect(spent).to.be.below(6000);
    await proxy.mend();
    await until('the database is back', () => answers(tasks, owner), 5000);
    expect(await database.isReady()).to.be.true;
  });

  it('given a readiness check without an answer: its connection is lost', async () => {
    const { database, proxy } = subject;
    expect(await database.isReady()).to.be.true;
    let lost = 0;
    database.onConnectionLost(() => (lost += 1));
    proxy.freeze();
    expect(await database.isReady()).to.be.false;
    await until('the loss is reported', () => lost > 0);
  });

  it('given no connection yet: not ready and unavailable, and ready once the network works', async () => {
    const { tasks, database, proxy } = subject;
    proxy.freeze();
    const [isReady, milliseconds] = await timed(() => database.isReady());
    expect(isReady).to.be.false;
    expect(milliseconds).to.be.below(1500);
    expect(await rejectionCode(tasks.list(owner.id, aQuery()))).to.equal('unavailable');
    await proxy.mend();
    await until('the database is reachable', () => database.isReady(), 5000);
  });
});
