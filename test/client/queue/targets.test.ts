import { expect } from 'chai';
import { webStorage } from '../../../client/src/taskhold.ts';
import { clientUser } from '../../support/client/client-user.ts';
import { problem } from '../../support/client/faulty-proxy.ts';
import { leftEntry, localStorageOf, startQueue, storageWith } from '../../support/client/queues.ts';
import { describeInMemory } from '../../support/http/suites.ts';
import { rejection } from '../../support/rejection.ts';
import { until } from '../../support/until.ts';

describeInMemory('the tasks that writes of the queue of the client name', (service) => {
  it('given a deletion and its undo, made from one read task: both are done, offline and online', async () => {
    for (const isOffline of [true, false]) {
      await using mine = await clientUser(service());
      const task = await mine.client.tasks.create({ title: 'a' });
      const undo = mine.proxy.always('/api', 'refuse the connection');
      using watched = startQueue(mine.client);
      await watched.queue.add({ kind: 'delete', target: task });
      if (!isOffline) {
        undo();
        await watched.reports(1);
      }
      await watched.queue.add({ kind: 'restore', target: task });
      await watched.queue.add({ kind: 'update', target: task, changes: { title: 'b' } });
      if (isOffline) undo();
      await watched.reports(3);
      expect(watched.settled).to.deep.equal([
        ['done', null],
        ['done', 'a'],
        ['done', 'b'],
      ]);
    }
  });

  it('given a new task of the queue that is deleted later, by the id of its write: its undo has that id too', async () => {
    await using mine = await clientUser(service());
    using watched = startQueue(mine.client);
    const { id } = await watched.queue.add({ kind: 'create', draft: { title: 'a' } });
    await watched.reports(1);
    await watched.queue.add({ kind: 'delete', target: id });
    await watched.reports(2);
    await watched.queue.add({ kind: 'restore', target: id });
    await watched.reports(3);
    expect(watched.settled[2]).to.deep.equal(['done', 'a']);
  });

  it('given a target that is neither an id nor a new task of this queue: add rejects, and keeps nothing', async () => {
    await using mine = await clientUser(service());
    const storage = webStorage(localStorageOf(), mine.user.id);
    using first = startQueue(mine.client, { storage });
    const { id } = await first.queue.add({ kind: 'create', draft: { title: 'a' } });
    await first.reports(1);
    using next = startQueue(mine.client, { storage });
    const write = { kind: 'complete', target: id, completed: true } as const;
    expect(await rejection(next.queue.add(write))).to.include({ code: 'task_not_found', status: 0 });
    expect(await next.queue.pending()).to.deep.equal([]);
    await first.queue.add(write);
    await first.reports(2);
    expect(first.settled[1]).to.deep.equal(['done', 'a']);
  });

  it('given a new task that waits in the storage, added by another page: its id can be named', async () => {
    await using mine = await clientUser(service());
    const storage = storageWith(mine.user.id, leftEntry('a', 'left', null));
    mine.proxy.next('/api', problem(503, 'unavailable', { 'Retry-After': '1' }));
    using watched = startQueue(mine.client, { storage });
    await watched.queue.add({ kind: 'update', target: 'left', changes: { title: 'b' } });
    await watched.reports(2);
    expect(watched.settled[1]).to.deep.equal(['done', 'b']);
  });

  it('given a change that is added while an earlier one of the same read task is sent: both are done', async () => {
    await using mine = await clientUser(service());
    const task = await mine.client.tasks.create({ title: 'a' });
    const added: Promise<unknown>[] = [];
    const queue = mine.client.queue({
      onSettled: (entry, { status }) => {
        outcomes.push(status);
        if (entry.write.kind === 'complete')
          added.push(queue.add({ kind: 'update', target: task, changes: { title: 'b' } }));
      },
    });
    const outcomes: string[] = [];
    await queue.add({ kind: 'complete', target: task, completed: true });
    await until('both are settled', () => outcomes.length === 2);
    queue.close();
    await Promise.all(added);
    expect(outcomes).to.deep.equal(['done', 'done']);
  });

  it('given writes without an effect, made from one read task: all are done, each with a higher revision', async () => {
    await using mine = await clientUser(service());
    const task = await mine.client.tasks.create({ title: 'a' });
    using watched = startQueue(mine.client);
    const revisions: number[] = [];
    for (let n = 1; n <= 3; n += 1) {
      await watched.queue.add({ kind: 'update', target: task, changes: { title: 'a' } });
      await watched.reports(n);
      revisions.push((await mine.client.tasks.get(task.id)).revision);
    }
    expect(watched.settled).to.deep.equal(Array(3).fill(['done', 'a']));
    expect(revisions).to.deep.equal([1, 2, 3].map((more) => task.revision + more));
  });

  it('given a store that was set back, as after a restore: after one refusal, changes of the task as it is read are done', async () => {
    await using mine = await clientUser(service());
    const task = await mine.client.tasks.create({ title: 'a' });
    using watched = startQueue(mine.client);
    const change = { kind: 'update', target: task, changes: { title: 'b' } } as const;
    for (let reports = 1; reports <= 2; reports += 1) {
      await watched.queue.add(change);
      await watched.reports(reports);
    }
    const done = { ...task, title: 'b', revision: task.revision + 1 };
    mine.proxy.next('PATCH', problem(412, 'revision_mismatch'), { status: 200, body: done });
    await watched.queue.add(change);
    await watched.queue.add(change);
    await watched.reports(4);
    expect(watched.settled.slice(2)).to.deep.equal([
      ['refused', 'revision_mismatch'],
      ['done', 'b'],
    ]);
    const matches = mine.proxy.seen.flatMap(({ headers }) => headers['if-match'] ?? []);
    expect(matches).to.deep.equal([0, 1, 2, 0].map((more) => `"${task.revision + more}"`));
  });

  it('given a deletion, and a refused write from an older state of its task: the undo of the deletion is done', async () => {
    await using mine = await clientUser(service());
    const old = await mine.client.tasks.create({ title: 'a' });
    const task = await mine.client.tasks.update(old, { title: 'b' });
    using watched = startQueue(mine.client);
    await watched.queue.add({ kind: 'delete', target: task });
    mine.proxy.next('PATCH', problem(412, 'revision_mismatch'));
    await watched.reports(1);
    await watched.queue.add({ kind: 'update', target: old, changes: { title: 'c' } });
    await watched.reports(2);
    await watched.queue.add({ kind: 'restore', target: task });
    await watched.reports(3);
    expect(watched.settled.slice(1)).to.deep.equal([
      ['refused', 'revision_mismatch'],
      ['done', 'b'],
    ]);
  });
});
