import { expect } from 'chai';
import { contentOf, eras, errorIn, openSession, taskIn, titlesIn } from '../support/mcp/mcp-client.ts';
import { ownService } from '../support/http/suites.ts';
import { postMcp, rpc } from '../support/mcp/raw-message.ts';
import { until } from '../support/until.ts';

describe('a session of the official MCP client', () => {
  const service = ownService({ environment: { MCP_ENABLED: 'true' } });

  for (const era of eras) {
    it(`given two users and protocol ${era}: list, add, search, complete, undo; each sees only their own`, async () => {
      const { url } = service();
      const users = [await service().user(), await service().user()];
      const sessions = await Promise.all(users.map(({ token }) => openSession({ url, token, era })));
      for (const [index, session] of sessions.entries()) {
        const name = `user ${index}`;
        expect(titlesIn(await session.call('list_tasks'))).to.deep.equal([]);
        const milk = taskIn(await session.call('add_task', { title: `Milk of ${name}`, tags: ['shop'] }));
        await session.call('add_task', { title: `Bread of ${name}`, priority: 'high' });
        expect(titlesIn(await session.call('list_tasks', { search: 'MILK' }))).to.deep.equal([milk.title]);
        expect(taskIn(await session.call('complete_task', { id: milk.id })).completed).to.equal(true);
        expect(titlesIn(await session.call('list_tasks', { status: 'pending' }))).to.deep.equal([
          `Bread of ${name}`,
        ]);
        const reopened = await session.call('complete_task', { id: milk.id, completed: false });
        expect(taskIn(reopened).completed).to.equal(false);
        expect(contentOf(await session.call('delete_task', { id: milk.id })).deleted_id).to.equal(milk.id);
        expect(errorIn(await session.call('get_task', { id: milk.id })).code).to.equal('task_not_found');
        expect(taskIn(await session.call('restore_task', { id: milk.id })).title).to.equal(milk.title);
        const changed = await session.call('update_task', { id: milk.id, due_date: '2026-11-30' });
        expect(taskIn(changed).due_date).to.equal('2026-11-30');
      }
      for (const [index, session] of sessions.entries()) {
        const titles = titlesIn(await session.call('list_tasks', { sort_by: 'title' }));
        expect(titles).to.deep.equal([`Bread of user ${index}`, `Milk of user ${index}`]);
        const resource = await session.client.readResource({ uri: 'tasks://list' });
        expect(JSON.stringify(resource))
          .to.include(`user ${index}`)
          .and.not.include(`user ${1 - index}`);
        await session[Symbol.asyncDispose]();
      }
    });
  }

  it('given subscriptions of two users to the same addresses: each is told of their own writes alone', async () => {
    const { url } = service();
    const [a, b] = [await service().user(), await service().user()];
    await using one = await openSession({ url, token: a.token });
    await using other = await openSession({ url, token: b.token });
    const task = taskIn(await one.call('add_task', { title: 'Milk' }));
    const uris = ['tasks://list', `task://${task.id}`];
    const subscription = await one.client.listen({ resourceSubscriptions: uris });
    await other.client.listen({ resourceSubscriptions: uris });
    await until(
      'both are told once at the beginning',
      () => one.updates.length === 2 && other.updates.length === 2,
    );

    await one.call('complete_task', { id: task.id });
    await until('the writer is told', () => one.updates.length === 4);
    expect(one.updates.slice(2)).to.have.members(uris);
    await one.call('add_task', { title: 'Bread' });
    await until('the writer is told of the list', () => one.updates.length === 5);
    expect(one.updates.at(-1)).to.equal('tasks://list');
    await b.post('/api/tasks', { title: 'by HTTP' });
    await until('the other is told of a write over HTTP', () => other.updates.length === 3);
    expect(other.updates.at(-1)).to.equal('tasks://list');
    expect(one.updates).to.have.length(5);

    await subscription.close();
    await until('one stream has ended', () => service().get('eventStreams').open === 1);
  });

  it('given a message without a handshake: answered, and no session id is given', async () => {
    const user = await service().user();
    const answer = await postMcp(rpc('tools/list'), { url: service().url, token: user.token });
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('mcp-session-id')).to.equal(null);
    expect(await answer.text()).to.include('list_tasks');
  });
});
