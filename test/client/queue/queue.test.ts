import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { clientUser, type ClientUser } from '../../support/client/client-user.ts';
import { problem } from '../../support/client/faulty-proxy.ts';
import { startQueue } from '../../support/client/queues.ts';
import { tasksOf } from '../../support/http/response-schemas.ts';
import { describeInMemory } from '../../support/http/suites.ts';
import { until } from '../../support/until.ts';

const titles = async ({ user }: ClientUser): Promise<readonly string[]> =>
  tasksOf(await user.get('/api/tasks')).map(({ title }) => title);

const create = (title: string) => ({ kind: 'create', draft: { title } }) as const;
describeInMemory('the queue of the client', (service) => {
  it('given writes without a network: sent in their order when it is back, each with one effect', async () => {
    await using mine = await clientUser(service());
    const undo = mine.proxy.always('/api', 'refuse the connection');
    using mine2 = startQueue(mine.client);
    const { queue } = mine2;
    for (const title of ['a', 'b', 'c']) await queue.add(create(title));
    expect((await queue.pending()).map(({ write }) => write)).to.deep.equal(['a', 'b', 'c'].map(create));
    await until('it was tried', () => mine.proxy.seen.length > 2);
    expect(await queue.flush()).to.equal(false);
    mine.proxy.next('/api', 'lose the response', 'cut the body', 'lose the response');
    undo();
    await mine2.reports(3);
    expect(mine2.settled.map(([, title]) => title)).to.deep.equal(['a', 'b', 'c']);
    expect(await titles(mine)).to.deep.equal(['c', 'b', 'a']);
    expect(await queue.flush()).to.equal(true);
  });

  it('given each kind of write, and a task that is created by the queue: all are done', async () => {
    await using mine = await clientUser(service());
    const undo = mine.proxy.always('/api', 'refuse the connection');
    using watched = startQueue(mine.client);
    const { queue } = watched;
    const { id } = await queue.add(create('a'));
    await queue.add({ kind: 'update', target: id, changes: { title: 'b' } });
    await queue.add({ kind: 'complete', target: id, completed: true });
    await queue.add({ kind: 'delete', target: id });
    await queue.add({ kind: 'restore', target: id });
    undo();
    await watched.reports(5);
    expect(watched.settled.map(([, title]) => title)).to.deep.equal(['a', 'b', 'b', null, 'b']);
    expect(tasksOf(await mine.user.get('/api/tasks'))[0]).to.include({
      title: 'b',
      completed: true,
      revision: 5,
    });
    await queue.add({ kind: 'update', target: id, changes: { title: 'c' } });
    await watched.reports(6);
    expect(await titles(mine)).to.deep.equal(['c']);
  });

  it('given changes that were made from one read task, offline and online: all are done; after a change of another: refused', async () => {
    await using mine = await clientUser(service());
    const task = await mine.client.tasks.create({ title: 'a' });
    const undo = mine.proxy.always('/api', 'refuse the connection');
    using watched = startQueue(mine.client);
    await watched.queue.add({ kind: 'update', target: task, changes: { title: 'b' } });
    await watched.queue.add({ kind: 'complete', target: task, completed: true });
    undo();
    await watched.reports(2);
    expect(watched.settled).to.deep.equal([
      ['done', 'b'],
      ['done', 'b'],
    ]);
    await watched.queue.add({ kind: 'update', target: task, changes: { title: 'c' } });
    await watched.reports(3);
    await mine.client.tasks.update(task.id, { title: 'of another' });
    await watched.queue.add({ kind: 'update', target: task, changes: { title: 'd' } });
    await watched.reports(4);
    expect(watched.settled.slice(2)).to.deep.equal([
      ['done', 'c'],
      ['refused', 'revision_mismatch'],
    ]);
  });

  it('given writes that are refused for good: reported, and those after them are done', async () => {
    await using mine = await clientUser(service());
    const undo = mine.proxy.always('/api', 'refuse the connection');
    using watched = startQueue(mine.client);
    const { id } = await watched.queue.add(create(' '));
    await watched.queue.add({ kind: 'complete', target: id, completed: true });
    await watched.queue.add(create('a'));
    undo();
    await watched.reports(3);
    expect(watched.settled).to.deep.equal([
      ['refused', 'invalid_task'],
      ['refused', 'task_not_found'],
      ['done', 'a'],
    ]);
  });

  it('given Retry-After: nothing is sent before it, also when another write is added', async () => {
    await using mine = await clientUser(service());
    mine.proxy.next('/api', problem(429, 'rate_limited', { 'Retry-After': '1' }));
    using watched = startQueue(mine.client);
    await watched.queue.add(create('a'));
    await until('it was refused', () => mine.proxy.seen.length === 1 && mine.proxy.open() === 0);
    await watched.queue.add(create('b'));
    await watched.reports(2);
    const [first = 0, second = 0] = mine.proxy.seen.map(({ at }) => at);
    expect(second - first).to.be.at.least(999);
  });

  it('given writes that are added together, and a failure: one attempt before the pause', async () => {
    await using mine = await clientUser(service());
    mine.proxy.always('/api', problem(503, 'overloaded'));
    using watched = startQueue(mine.client, { retryDelayMs: 60_000 });
    await watched.queue.flush();
    await Promise.all(['a', 'b', 'c'].map((title) => watched.queue.add(create(title))));
    await until('it was tried', () => mine.proxy.seen.length > 0 && mine.proxy.open() === 0);
    await setTimeout(100);
    expect(mine.proxy.seen).to.have.length(1);
  });

  it('given a token that is refused: the write waits for a new one', async () => {
    let token = 'no.good.token';
    await using mine = await clientUser(service(), { token: () => token });
    using watched = startQueue(mine.client);
    await watched.queue.add(create('a'));
    await until('it was refused', () => mine.proxy.seen.length > 1);
    expect(watched.settled).to.deep.equal([]);
    token = mine.user.token;
    await watched.reports(1);
    expect(watched.settled).to.deep.equal([['done', 'a']]);
  });
});
