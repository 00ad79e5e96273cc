import { expect } from 'chai';
import { webStorage } from '../../../client/src/taskhold.ts';
import { clientUser, type ClientUser } from '../../support/client/client-user.ts';
import { problem } from '../../support/client/faulty-proxy.ts';
import { leftEntry, localStorageOf, startQueue, storageWith } from '../../support/client/queues.ts';
import { tasksOf } from '../../support/http/response-schemas.ts';
import { describeInMemory } from '../../support/http/suites.ts';
import { until } from '../../support/until.ts';

const titles = async ({ user }: ClientUser): Promise<readonly string[]> =>
  tasksOf(await user.get('/api/tasks')).map(({ title }) => title);

const create = (title: string) => ({ kind: 'create', draft: { title } }) as const;
const hourMs = 3_600_000;

describeInMemory('the storage of the queue of the client', (service) => {
  it('given a page that is closed after a response was lost: the next page sends it under the same key', async () => {
    await using mine = await clientUser(service());
    const places = localStorageOf();
    mine.proxy.next('/api', 'lose the response');
    {
      using watched = startQueue(mine.client, {
        storage: webStorage(places, mine.user.id),
        retryDelayMs: 60_000,
      });
      await watched.queue.add(create('a'));
      await until('it was done', async () => (await titles(mine)).length === 1);
      await until('the response was lost', () => mine.proxy.open() === 0);
    }
    using watched = startQueue(mine.client, { storage: webStorage(places, mine.user.id) });
    await watched.reports(1);
    expect([watched.settled, await titles(mine)]).to.deep.equal([[['done', 'a']], ['a']]);
    expect(new Set(mine.proxy.seen.map(({ headers }) => headers['idempotency-key'])).size).to.equal(1);
    expect(places.length).to.equal(0);
  });

  it('given a page that is closed before a done write is removed: the same result again, and one effect', async () => {
    await using mine = await clientUser(service());
    const storage = webStorage(localStorageOf(), mine.user.id);
    // The browser gives the lock of a closed page back; here the other name does.
    const endless = { ...storage, name: 'closed', remove: () => new Promise<void>(() => undefined) };
    using closed = startQueue(mine.client, { storage: endless });
    const { id } = await closed.queue.add(create('a'));
    await closed.reports(1);
    using watched = startQueue(mine.client, { storage });
    await watched.reports(1);
    expect([watched.settled, await titles(mine)]).to.deep.equal([closed.settled, ['a']]);
    expect((await watched.queue.pending()).map((entry) => entry.id)).not.to.include(id);
  });

  it('given a write that was sent a day ago: expired, not sent; one that was never sent: sent', async () => {
    await using mine = await clientUser(service());
    const [old, recent] = [Date.now() - 24 * hourMs, Date.now() - 22 * hourMs];
    const storage = storageWith(
      mine.user.id,
      leftEntry('old', '1', old),
      leftEntry('recent', '2', recent),
      leftEntry('never sent', '3', null),
    );
    using watched = startQueue(mine.client, { storage });
    await watched.reports(3);
    expect(watched.settled).to.deep.equal([
      ['expired', null],
      ['done', 'recent'],
      ['done', 'never sent'],
    ]);
    expect(await titles(mine)).to.deep.equal(['never sent', 'recent']);
  });

  it('given 503: the write counts as never sent; given a lost response: as sent', async () => {
    await using mine = await clientUser(service());
    for (const [fault, wasSent] of [
      [problem(503, 'overloaded'), false],
      ['lose the response', true],
    ] as const) {
      using watched = startQueue(mine.client, { retryDelayMs: 60_000 });
      mine.proxy.next('/api', fault);
      const before = mine.proxy.seen.length;
      const { id } = await watched.queue.add(create('a'));
      await until('it was tried', () => mine.proxy.seen.length > before && mine.proxy.open() === 0);
      await until(`it was ${wasSent ? '' : 'not '}sent`, async () => {
        const [entry] = await watched.queue.pending();
        return entry?.id === id && (entry.sentAt !== null) === wasSent;
      });
    }
  });

  it('given what another user of the browser has queued: not sent', async () => {
    await using mine = await clientUser(service());
    const places = localStorageOf();
    places.setItem('unrelated', 'x');
    void webStorage(places, 'another user').put(leftEntry('theirs', '1', null));
    using watched = startQueue(mine.client, { storage: webStorage(places, mine.user.id) });
    await watched.queue.add(create('mine'));
    await watched.reports(1);
    expect([await titles(mine), places.length]).to.deep.equal([['mine'], 2]);
  });

  it('given two tabs with one storage: each write is reported once, and has one effect', async () => {
    await using mine = await clientUser(service());
    const places = localStorageOf();
    const undo = mine.proxy.always('/api', 'refuse the connection');
    using one = startQueue(mine.client, { storage: webStorage(places, mine.user.id) });
    using two = startQueue(mine.client, { storage: webStorage(places, mine.user.id) });
    for (let n = 0; n < 10; n += 1) await (n % 2 === 0 ? one : two).queue.add(create(`${n}`));
    undo();
    await until('all are settled', () => one.settled.length + two.settled.length >= 10);
    expect(await titles(mine)).to.have.members(Array.from({ length: 10 }, (_, n) => `${n}`));
    expect(one.settled.length + two.settled.length).to.equal(10);
  });

  it('given a clock that is set back, and another page: writes are sent in the order of add', async () => {
    await using mine = await clientUser(service());
    const places = localStorageOf();
    const task = await mine.client.tasks.create({ title: 'a' });
    const undo = mine.proxy.always('/api', 'refuse the connection');
    const now = Date.now;
    let id: string;
    {
      using closed = startQueue(mine.client, { storage: webStorage(places, mine.user.id) });
      ({ id } = await closed.queue.add(create('new')));
      await closed.queue.add({ kind: 'update', target: task.id, changes: { title: 'first' } });
    }
    using watched = startQueue(mine.client, { storage: webStorage(places, mine.user.id) });
    try {
      Date.now = () => now() - hourMs;
      await watched.queue.add({ kind: 'update', target: task.id, changes: { title: 'second' } });
      await watched.queue.add({ kind: 'update', target: id, changes: { title: 'newer' } });
    } finally {
      Date.now = now;
    }
    undo();
    await watched.reports(4);
    expect(watched.settled).to.deep.equal(
      ['new', 'first', 'second', 'newer'].map((title) => ['done', title]),
    );
  });

  it('given a storage that is full: what waits is sent, and so frees it', async () => {
    await using mine = await clientUser(service());
    let task = await mine.client.tasks.create({ title: 'a' });
    while (task.revision < 8) task = await mine.client.tasks.update(task, { title: `${task.revision}` });
    const places = localStorageOf();
    const undo = mine.proxy.always('/api', problem(503, 'overloaded'));
    using watched = startQueue(mine.client, { storage: webStorage(places, mine.user.id) });
    // What waits behind the update gets its revision, 10, which is longer.
    const { id } = await watched.queue.add(create('new'));
    await watched.queue.add({ kind: 'update', target: task, changes: { title: 'b' } });
    await watched.queue.add({ kind: 'complete', target: task, completed: true });
    await watched.queue.add({ kind: 'update', target: id, changes: { title: 'newer' } });
    await watched.queue.flush();
    places.fill();
    undo();
    await watched.reports(4);
    expect(watched.settled).to.deep.equal(['new', 'b', 'b', 'newer'].map((title) => ['done', title]));
    await until('nothing is left', () => places.length === 0);
  });
});
