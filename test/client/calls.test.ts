import { expect } from 'chai';
import { createClient, TaskholdError, type TaskDraft } from '../../client/src/taskhold.ts';
import { clientUser } from '../support/client/client-user.ts';
import { describeInMemory } from '../support/http/suites.ts';
import { tasksOf } from '../support/http/response-schemas.ts';
import { rejection } from '../support/rejection.ts';

describeInMemory('calls of the client', (service) => {
  it('given each call for a task: the task, as the service has it', async () => {
    await using mine = await clientUser(service());
    const { tasks, trash } = mine.client;
    const created = await tasks.create({ title: 'Buy milk', priority: 'high', tags: ['home'] });
    expect(created).to.include({ title: 'Buy milk', priority: 'high', completed: false });
    const updated = await tasks.update(created, { title: 'Buy oat milk' });
    expect(updated).to.include({ id: created.id, title: 'Buy oat milk', priority: 'high' });
    expect(await tasks.complete(updated)).to.include({ completed: true });
    expect(await tasks.complete(updated.id, false)).to.include({ completed: false });
    const read = await tasks.get(created.id);
    expect(tasksOf(await mine.user.get('/api/tasks'))).to.deep.equal([read]);

    await tasks.delete(read);
    expect(await rejection(tasks.get(created.id))).to.include({ code: 'task_not_found', status: 404 });
    const [deleted] = await items(trash.list());
    expect(deleted).to.include({ id: created.id }).and.to.have.property('deleted_at');
    expect(await tasks.restore(created.id)).to.include({ title: 'Buy oat milk' });
    expect(await items(trash.list())).to.deep.equal([]);
  });

  it('given purges of the trash: one task, then all of them, are gone for good', async () => {
    await using mine = await clientUser(service());
    const { tasks, trash } = mine.client;
    for (const title of ['a', 'b', 'c']) await tasks.delete(await tasks.create({ title }));
    const [latest] = await items(trash.list({ limit: 1 }));
    await trash.delete(latest?.id ?? '');
    expect((await items(trash.list())).map(({ title }) => title)).to.deep.equal(['b', 'a']);
    await trash.empty();
    expect(await items(trash.list())).to.deep.equal([]);
  });

  it('given a list of several pages: every task once, and the number of tasks with each page', async () => {
    await using mine = await clientUser(service());
    const { tasks } = mine.client;
    for (let n = 1; n <= 5; n += 1)
      await tasks.create({ title: `Task ${n}`, priority: n < 4 ? 'high' : 'low' });
    const list = tasks.list({ limit: 2, sort: 'title', priority: ['high', 'low'], count: true });
    expect((await items(list)).map(({ title }) => title)).to.deep.equal(
      [1, 2, 3, 4, 5].map((n) => `Task ${n}`),
    );
    const pages = list.pages();
    const sizes: unknown[] = [];
    for await (const page of pages) sizes.push([page.items.length, page.total, page.hasMore]);
    expect(sizes).to.deep.equal([
      [2, 5, true],
      [2, 5, true],
      [1, 5, false],
    ]);
    expect(await items(tasks.list({ priority: ['low'], q: undefined }))).to.have.length(2);
  });

  it('given a list that is left after the first task: no request for the second page', async () => {
    await using mine = await clientUser(service());
    for (const title of ['a', 'b']) await mine.client.tasks.create({ title });
    for await (const task of mine.client.tasks.list({ limit: 1 })) {
      expect(task.title).to.equal('b');
      break;
    }
    expect(mine.proxy.seen.filter(({ method }) => method === 'GET')).to.have.length(1);
  });

  it('given the account: the user, the export, and nothing after it was erased', async () => {
    await using mine = await clientUser(service());
    const { tasks, account } = mine.client;
    const task = await tasks.create({ title: 'Buy milk' });
    expect(await account.me()).to.include({ id: mine.user.id });
    const { revision, changes } = await tasks.changes(0, { limit: 10 });
    expect([revision, changes.map(({ id }) => id)]).to.deep.equal([1, [task.id]]);
    expect((await account.export()).tasks).to.deep.equal([task]);
    await account.erase();
    expect(await items(tasks.list())).to.deep.equal([]);
  });

  it('given a task that has changed since it was read: 412 with the task as it is; by its id: written', async () => {
    await using mine = await clientUser(service());
    const { tasks } = mine.client;
    const read = await tasks.create({ title: 'Mine' });
    const theirs = await tasks.update(read, { title: 'Theirs' });
    for (const write of [
      () => tasks.update(read, { title: 'x' }),
      () => tasks.complete(read),
      () => tasks.delete(read),
    ]) {
      const error = await rejection(write());
      expect(error)
        .to.be.instanceOf(TaskholdError)
        .and.to.include({ status: 412, code: 'revision_mismatch' });
      expect(error).to.have.deep.property('current', theirs);
    }
    expect(await tasks.update(read.id, { title: 'x' })).to.include({ title: 'x' });
  });

  it('given a form that is not valid: the code, the text, every field and the request id', async () => {
    await using mine = await clientUser(service());
    const error = await rejection(mine.client.tasks.create({ title: ' ', due_date: 'soon' }));
    expect(error).to.include({ status: 422, code: 'invalid_task', isUncertain: false });
    expect(error).to.have.nested.property('errors[0].message', 'must have 1 to 200 characters');
    expect(error).to.have.property('requestId').that.is.a('string');
    expect(String(error)).to.match(/^TaskholdError: title must have 1 to 200 characters; due_date must be/);
    expect(mine.proxy.seen).to.have.length(1);
  });

  it('given what cannot be sent: a TypeError at once, and no request', async () => {
    let tokenCalls = 0;
    await using mine = await clientUser(service(), { token: () => `${(tokenCalls += 1)}` });
    const endless: TaskDraft & { self?: unknown } = { title: 'a' };
    endless.self = endless;
    const { tasks } = mine.client;
    expect(await rejection(tasks.create(endless))).to.be.instanceOf(TypeError);
    const options = { idempotencyKey: '\u0416' };
    expect(await rejection(tasks.create({ title: 'a' }, options))).to.be.instanceOf(TypeError);
    expect([tokenCalls, mine.proxy.seen.length]).to.deep.equal([0, 0]);
  });

  it('given undefined for each option: it counts as absent', async () => {
    await using mine = await clientUser(service());
    const client = createClient({
      url: mine.proxy.url,
      token: () => mine.user.token,
      signal: undefined,
      fetch: undefined,
      timeoutMs: undefined,
      maxAttempts: undefined,
      maxElapsedMs: undefined,
      retryDelayMs: undefined,
    });
    const options = { signal: undefined, idempotencyKey: undefined };
    const { id } = await client.tasks.create({ title: 'a' }, options);
    expect((await client.tasks.changes(0, { signal: undefined, limit: undefined })).changes).to.have.length(
      1,
    );
    const follow = client.follow({
      signal: undefined,
      from: undefined,
      onStatus: undefined,
      pollMs: undefined,
      silenceMs: undefined,
      reconnectMs: undefined,
    });
    expect((await follow.next()).value).to.have.deep.property('changed', [id]);
    await follow.return();
    const queue = client.queue({ storage: undefined, onSettled: undefined, retryDelayMs: undefined });
    await queue.add({ kind: 'delete', target: id });
    expect(await queue.flush()).to.equal(true);
    queue.close();
  });

  it('given an address with a path: requests below it', async () => {
    await using mine = await clientUser(service());
    const below = createClient({ url: `${mine.proxy.url}todo`, token: () => mine.user.token });
    await rejection(below.account.me());
    expect(mine.proxy.seen[0]?.path).to.equal('/todo/api/me');
  });

  it('given an id that is a part of a path: 404, and no other path is called', async () => {
    await using mine = await clientUser(service());
    const { tasks, trash } = mine.client;
    await tasks.delete(await tasks.create({ title: 'a' }));
    for (const id of ['', '.', '..', 'trash', '../trash', 'a/b', '?', 'changes'])
      for (const call of [() => tasks.get(id), () => tasks.delete(id), () => trash.delete(id)])
        expect(await rejection(call()), id).to.include({ code: 'task_not_found' });
    expect(await items(trash.list())).to.have.length(1);
  });
});

const items = async <Item>(list: AsyncIterable<Item>): Promise<Item[]> => {
  const found: Item[] = [];
  for await (const item of list) found.push(item);
  return found;
};
