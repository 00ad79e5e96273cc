import { expect } from 'chai';
import { memoryTaskRepository } from '../../src/infrastructure/memory/task-repository.ts';
import { openSession, taskIn } from '../support/mcp/mcp-client.ts';
import { modernRpc, postMcp } from '../support/mcp/raw-message.ts';
import { startService, type Service } from '../support/http/service.ts';
import { tokenFor } from '../support/tokens/tokens.ts';
import { taskId } from '../support/tasks/tasks.ts';
import { until } from '../support/until.ts';

const uris = ['tasks://list'];
const subscription = (resourceSubscriptions: readonly string[]): string =>
  modernRpc('subscriptions/listen', { notifications: { resourceSubscriptions } });
const listen = (
  service: Service,
  token: string,
  signal?: AbortSignal,
  body = subscription(uris),
): Promise<Response> =>
  postMcp(body, {
    url: service.url,
    token,
    headers: { 'MCP-Protocol-Version': '2026-07-28', 'Mcp-Method': 'subscriptions/listen' },
    ...(signal === undefined ? {} : { signal }),
  });
const start = (environment = {}, overrides = {}): Promise<Service> =>
  startService({ environment: { MCP_ENABLED: 'true', ...environment }, overrides });
const isOpen = (service: Service, count: number) => (): boolean => service.get('eventStreams').open === count;

describe('MCP subscriptions', () => {
  it('given the end of the token: the stream ends with the result of the subscription', async () => {
    await using service = await start();
    const exp = Math.ceil(Date.now() / 1000) - 8; // 10 s of leeway
    const answer = await listen(service, await tokenFor('a user', { exp }));
    const text = await answer.text();
    expect(text)
      .to.include('notifications/subscriptions/acknowledged')
      .and.include('"resultType":"complete"');
    expect(service.observations).to.deep.include({
      ...service.observations.find(({ type }) => type === 'stream_ended'),
      route: '/mcp',
      reason: 'token',
    });
  });

  it('given the shutdown: open streams end, and a new one ends at once', async () => {
    await using service = await start();
    const { token } = await service.user();
    const answer = await listen(service, token);
    await until('the stream is open', isOpen(service, 1));
    service.get('eventStreams').end();
    for (const one of [answer, await listen(service, token)])
      expect(await one.text()).to.include('"resultType":"complete"');
    await until('both have ended', isOpen(service, 0));
  });

  it('given 10 streams of a user, of both protocols together: 429 for another; 503 above the limit of all', async () => {
    await using service = await start({ EVENT_STREAMS_MAX: '11' });
    const [one, other] = [await service.user(), await service.user()];
    const left = new AbortController();
    const headers = { Authorization: `Bearer ${one.token}` };
    await fetch(`${service.url}/api/tasks/events`, { headers, signal: left.signal });
    for (let count = 1; count < 10; count += 1) await listen(service, one.token, left.signal);
    const refused = await listen(service, one.token);
    expect(refused.status).to.equal(429);
    expect(await refused.json()).to.include({ code: 'rate_limited' });
    expect((await listen(service, other.token, left.signal)).status).to.equal(200);
    const overloaded = await listen(service, (await service.user()).token);
    expect(overloaded.status).to.equal(503);
    expect(await overloaded.json()).to.include({ code: 'overloaded' });
    left.abort();
    await until('all have ended', isOpen(service, 0));
    expect(service.observations.filter(({ type }) => type === 'failure')).to.have.length(1);
  });

  it('given changes that cannot be read: every resource is reported', async () => {
    const store = memoryTaskRepository();
    const changes = { after: () => Promise.reject(new Error('no')) };
    await using service = await start({}, { tasks: store, trash: store.trash, users: store, changes });
    const { token } = await service.user();
    await using session = await openSession({ url: service.url, token });
    const { id } = taskIn(await session.call('add_task', { title: 'Milk' }));
    const subscribed = ['tasks://list', `task://${id}`, `task://${taskId(1)}`];
    await session.client.listen({ resourceSubscriptions: subscribed });
    await until('the first report', () => session.updates.length === 3);
    await session.call('complete_task', { id });
    await until('the second report', () => session.updates.length === 6);
    expect(session.updates.slice(3)).to.deep.equal(subscribed);
  });

  it('given too many resources, other addresses, or a long id: 400, and no stream', async () => {
    await using service = await start();
    const { token } = await service.user();
    const many = Array.from({ length: 101 }, (_, n) => `task://${taskId(n)}`);
    for (const [body, code, id] of [
      [subscription(many), -32602, 1],
      [subscription(['task://x']), -32602, 1],
      [subscription(['https://example.com/']), -32602, 1],
      [subscription(uris).replace('"id":1', `"id":"${'x'.repeat(257)}"`), -32600, null],
    ] as const) {
      const answer = await listen(service, token, undefined, body);
      expect(answer.status).to.equal(400);
      expect(await answer.json())
        .to.deep.include({ jsonrpc: '2.0', id })
        .and.have.nested.property('error.code', code);
    }
    expect(service.get('eventStreams').open).to.equal(0);
  });

  it('given 100 resources, one of them twice: each is reported once', async () => {
    await using service = await start();
    await using session = await openSession({ url: service.url, token: (await service.user()).token });
    const tasks = Array.from({ length: 98 }, (_, n) => `task://${taskId(n)}`);
    await session.client.listen({ resourceSubscriptions: ['tasks://list', ...tasks, 'tasks://list'] });
    await until('all are reported', () => session.updates.length === 99);
    expect(new Set(session.updates).size).to.equal(99);
  });

  it('given no resource to follow: the subscription is complete at once', async () => {
    await using service = await start();
    await using session = await openSession({ url: service.url, token: (await service.user()).token });
    const subscription = await session.client.listen({ toolsListChanged: true });
    expect(await subscription.closed).to.equal('graceful');
    expect(service.get('eventStreams').open).to.equal(0);
  });
});
